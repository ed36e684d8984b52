// The suite's program: `mlpbench run` measures all experiments on all backends, `mlpbench compare` judges two
// such results, `mlpbench list` names the cases, `mlpbench doctor` looks at the machine.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "bench/compare/command.h"
#include "bench/doctor.h"
#include "bench/program_main.h"
#include "bench/report.h"
#include "core/error.h"
#include "experiments/cli/atomic_file.h"
#include "experiments/cli/format.h"
#include "experiments/cli/progress.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/record.h"

namespace mlpbench {
namespace {

struct RunOptions {
  Selection selection;
  MeasureOptions measure;
  bool quick = false, list = false, quiet = false;
  std::string output = "results";
};

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

int run_cases(const RunOptions& options, const std::string& command, StandardOutput& output) {
  const std::vector<Case> cases = select_cases(options.selection);
  const std::filesystem::path folder = options.output;
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw UserError(fmt::format("--output {}: {}", options.output, failure.message()));
  const std::string report = folder / "report.md", results = folder / "results.json";
  require_writable("--output", report);
  require_writable("--output", results);

  ProgressLine line(options.quiet);
  const Comparison comparison =
      measure(cases, options.measure, [&line](const Progress& progress) { line(progress); });
  line.wipe();
  write_file("--output", results, to_text(results_json(comparison, command)));
  write_file("--output", report, markdown_text(comparison, command));
  if (!options.quiet) {
    output.print([&] { fmt::print("{}{}\n{}\n", console_text(comparison), report, results); });
  }
  return comparison.wrong_cases() == 0 ? kExitOk : kExitWrongResult;
}

/// The command line as it was typed, for the report; a path to the program is shortened to its name.
std::string command_of(int argc, char** argv) {
  std::string text = std::filesystem::path(argv[0]).filename();
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--output" && ++i < argc) continue;
    text += " " + std::string(argument);
  }
  return text;
}

int run(int argc, char** argv, StandardOutput& output) {
  CLI::App app("Compares the backends of mlpbench over its experiments.", "mlpbench");
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);
  app.footer("Exit codes: 0 ok, 1 a case regressed, 2 usage, 3 incomparable, 4 a result is wrong.");
  RunOptions options;
  CLI::App& run_command =
      *app.add_subcommand("run", "measure: the table, results/report.md, results/results.json");
  add_selection(run_command, options.selection);
  run_command.add_option("--rounds", options.measure.rounds, "times that every case is timed, at most (20)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10000}));
  run_command
      .add_option("--precision", options.measure.precision,
                  "a case stops once its speed is known to this part (0.05)")
      ->check(CLI::Range(1e-6, 1e6));
  run_command
      .add_option("--budget", options.measure.budget_seconds, "no round begins after so many seconds (none)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 1e9));
  run_command.add_flag("--quick", options.quick, "at most 12 rounds of short runs");
  run_command.add_option("--output", options.output, "folder of the two files (results)")
      ->type_name("FOLDER");
  run_command.add_flag("--list", options.list, "only name the cases");
  run_command.add_flag("--quiet", options.quiet, "write the files and print nothing");
  CLI::App& list_command =
      *app.add_subcommand("list", "name the cases, with the reason of those that cannot run here");
  add_selection(list_command, options.selection);
  const CompareCommand compare_command(app);
  const CLI::App& doctor_command =
      *app.add_subcommand("doctor", "check this machine for what spoils measurements, and say what to do");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& answered) {
    output.print([&] { app.exit(answered); });
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    throw UserError(error.what());
  }
  if (compare_command.parsed()) return compare_command.run(output);
  if (doctor_command.parsed()) {
    output.print([] { fmt::print("{}", doctor_text(examine(meet_patient(1.0)))); });
    return kExitOk;
  }
  if (options.quick) {
    if (run_command.count("--rounds") == 0)
      options.measure.rounds = 12;  // the least that makes an interval of 50
    options.measure.seconds_per_run = 0.01;
  }
  if (list_command.parsed() || options.list) {
    output.print([&] { list_cases(options.selection); });
    return kExitOk;
  }
  return run_cases(options, command_of(argc, argv), output);
}

}  // namespace
}  // namespace mlpbench

int main(int argc, char** argv) {
  return mlpbench::program_main("mlpbench", argc, argv, [&](mlpbench::StandardOutput& output) {
    return mlpbench::run(argc, argv, output);
  });
}
