#include "bench/run/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "bench/report.h"
#include "core/error.h"
#include "experiments/cli/atomic_file.h"
#include "experiments/cli/format.h"
#include "experiments/cli/record.h"
#include "experiments/cli/standard_output.h"

namespace mlpbench {
namespace {

void add_selection(CLI::App& app, Selection& selection) {
  app.add_option("--experiment", selection.experiments, "only these experiments")
      ->delimiter(',')
      ->type_name("NAME[,...]");
  app.add_option("--backend", selection.backends, "only these backends; speed needs naive among them")
      ->delimiter(',')
      ->type_name("NAME[,...]");
  app.add_option("--dtype", selection.dtypes, "only float64 or float32")
      ->delimiter(',')
      ->type_name("NAME[,...]");
}

void list_cases(const Selection& selection) {
  for (const Case& what : select_cases(selection)) {
    const std::string& reason = what.unusable_reason;
    fmt::print("{}{}\n", what.name(), reason.empty() ? "" : "  (unavailable: " + reason + ")");
  }
}

/// A line of progress that overwrites itself on a terminal; elsewhere a line for each tenth of the work.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

  void operator()(const Progress& progress) {
    if (quiet_) return;
    const std::size_t tenth = 10 * progress.done / std::max<std::size_t>(progress.all, 1);
    if (!terminal_ && told_ && tenth == last_tenth_) return;
    const std::string line = fmt::format("{:3} % {}, about {} left", 100 * progress.done / progress.all,
                                         progress.what, format_duration(progress.seconds_left));
    fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", line, terminal_ ? "" : "\n");
    last_tenth_ = tenth;
    told_ = true;
  }
  void wipe() const {
    if (told_ && terminal_) fmt::print(stderr, "\r\x1b[K");
  }

 private:
  bool quiet_, terminal_, told_ = false;
  std::size_t last_tenth_ = 0;
};

}  // namespace

struct RunCommand::Values {
  Selection selection;
  MeasureOptions measure;
  bool quick = false, list = false, quiet = false;
  std::string output = "results";
};

RunCommand::RunCommand(CLI::App& app) : values_(std::make_unique<Values>()) {
  Values& v = *values_;
  run_ = app.add_subcommand("run", "measure: the table, results/report.md, results/results.json");
  add_selection(*run_, v.selection);
  run_->add_option("--rounds", v.measure.rounds, "times that every case is timed, at most (20)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10000}));
  run_->add_option("--precision", v.measure.precision,
                   "a case stops once its speed is known to this part (0.05)")
      ->check(CLI::Range(1e-6, 1e6));
  run_->add_option("--budget", v.measure.budget_seconds, "no round begins after so many seconds (none)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 1e9));
  run_->add_flag("--quick", v.quick, "at most 12 rounds of short runs");
  run_->add_option("--output", v.output, "folder of the two files (results)")->type_name("FOLDER");
  run_->add_flag("--list", v.list, "only name the cases");
  run_->add_flag("--quiet", v.quiet, "write the files and print nothing");
  list_ = app.add_subcommand("list", "name the cases, with the reason of those that cannot run here");
  add_selection(*list_, v.selection);
}

RunCommand::~RunCommand() = default;

bool RunCommand::parsed() const { return run_->parsed() || list_->parsed(); }

int RunCommand::run(const std::string& command, StandardOutput& output) const {
  const Values& v = *values_;
  if (list_->parsed() || v.list) {
    output.print([&] { list_cases(v.selection); });
    return kExitOk;
  }
  MeasureOptions options = v.measure;
  if (v.quick) {
    if (run_->count("--rounds") == 0) options.rounds = 12;  // the least that makes an interval of 50
    options.seconds_per_run = 0.01;
  }
  const std::vector<Case> cases = select_cases(v.selection);
  const std::filesystem::path folder = v.output;
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw UserError(fmt::format("--output {}: {}", v.output, failure.message()));
  const std::string report = folder / "report.md", results = folder / "results.json";
  require_writable("--output", report);
  require_writable("--output", results);

  ProgressLine line(v.quiet);
  const Comparison comparison = measure(cases, options, [&](const Progress& progress) { line(progress); });
  line.wipe();
  write_file("--output", results, to_text(results_json(comparison, command)));
  write_file("--output", report, markdown_text(comparison, command));
  if (!v.quiet) {
    output.print([&] { fmt::print("{}{}\n{}\n", console_text(comparison), report, results); });
  }
  return comparison.wrong_cases() == 0 ? kExitOk : kExitWrongResult;
}

}  // namespace mlpbench
