#include "bench/run/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <set>

#include "bench/measure.h"
#include "bench/report/reports.h"
#include "bench/results_json.h"
#include "bench/run/progress_line.h"
#include "bench/studies/studies.h"
#include "core/error.h"
#include "experiments/cli/atomic_file.h"
#include "experiments/cli/interrupt.h"
#include "experiments/cli/option_values.h"
#include "experiments/cli/record.h"
#include "experiments/cli/standard_output.h"

namespace mlpbench {
namespace {

/// The options that choose cases, as text.
struct Choice {
  Selection selection;
  std::vector<std::string> threads;
};

void add_selection(CLI::App& app, Choice& choice) {
  const auto add_list = [&app](const char* name, std::vector<std::string>& values, const char* about) {
    app.add_option(name, values, about)->delimiter(',')->type_name("NAME[,...]");
  };
  add_list("--experiment", choice.selection.experiments, "only these experiments");
  add_list("--backend", choice.selection.backends, "only these backends; speed needs naive among them");
  add_list("--trainer", choice.selection.trainers, "these instead of each experiment's own; own, all");
  add_list("--dtype", choice.selection.dtypes, "only float64 or float32");
  app.add_option("--threads", choice.threads, "of the parallel trainers (1): 1,2 or 1-4")
      ->delimiter(',')
      ->type_name("N[,...]");
  app.add_option("--filter", choice.selection.filter, "only cases whose name has a match")
      ->type_name("REGEX");
}

/// "1", "1,2", "1-4"; ascending, each once.
std::vector<std::size_t> parse_threads(const std::vector<std::string>& texts) {
  std::set<std::size_t> threads;
  for (const std::string& text : texts) {
    const std::size_t dash = std::min(text.find('-'), text.size());
    const auto low = parse_integer("--threads", text.substr(0, dash), 1, kMaxThreads);
    const auto high =
        dash == text.size() ? low : parse_integer("--threads", text.substr(dash + 1), low, kMaxThreads);
    for (std::size_t count = low; count <= high; ++count) threads.insert(count);
  }
  return {threads.begin(), threads.end()};
}

Selection selection_of(const Choice& choice) {
  Selection selection = choice.selection;
  if (!choice.threads.empty()) selection.threads = parse_threads(choice.threads);
  return selection;
}

void list_cases(const std::vector<Case>& cases) {
  for (const Case& what : cases) {
    const std::string& reason = what.unusable_reason;
    fmt::print("{}{}\n", what.name(), reason.empty() ? "" : "  (unavailable: " + reason + ")");
  }
}

}  // namespace

struct RunCommand::Values {
  Choice choice;
  MeasureOptions measure;
  std::size_t seeds = 10;
  std::vector<std::string> studies{"all"};
  bool quick = false, list = false, quiet = false;
  std::string output = "results";
};

RunCommand::RunCommand(CLI::App& app) : values_(std::make_unique<Values>()) {
  Values& v = *values_;
  run_ = app.add_subcommand("run", "measure: the table, results/report.md, results/results.json");
  add_selection(*run_, v.choice);
  run_->add_option("--seeds", v.seeds, "runs of which accuracy and loss are told (10)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1000}));
  run_->add_option("--studies", v.studies,
                   "gather besides times: all, none, or sections as roofline,curves (all)")
      ->delimiter(',')
      ->type_name("NAME[,...]");
  run_->add_option("--rounds", v.measure.rounds, "times that every case is timed, at most (20)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10000}));
  run_->add_option("--precision", v.measure.precision,
                   "a case stops once its speed is known to this part (0.05)")
      ->check(CLI::Range(1e-6, 1e6));
  run_->add_option("--budget", v.measure.budget_seconds, "no round begins after so many seconds (none)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 1e9));
  run_->add_flag("--quick", v.quick, "at most 12 rounds of short runs, 3 seeds");
  run_->add_option("--output", v.output, "folder of the files (results)")->type_name("FOLDER");
  run_->add_flag("--list", v.list, "only name the cases");
  run_->add_flag("--quiet", v.quiet, "write the files and print nothing");
  list_ = app.add_subcommand("list", "name the cases, with the reason of those that cannot run here");
  add_selection(*list_, v.choice);
}

RunCommand::~RunCommand() = default;

bool RunCommand::parsed() const { return run_->parsed() || list_->parsed(); }

RunOptions RunCommand::options(const std::string& command) const {
  const Values& v = *values_;
  RunOptions options;
  options.selection = selection_of(v.choice);
  options.measure = v.measure;
  options.seeds = v.seeds;
  options.studies = chosen_studies(v.studies);
  options.quick = v.quick;
  options.command = command;
  if (v.quick) {
    if (run_->count("--rounds") == 0) options.measure.rounds = 12;  // the least that makes an interval of 50
    if (run_->count("--seeds") == 0) options.seeds = 3;
    options.measure.seconds_per_run = 0.01;
  }
  return options;
}

int RunCommand::run(const std::string& command, StandardOutput& output) const {
  const Values& v = *values_;
  RunOptions options = this->options(command);
  const std::vector<Case> cases = select_cases(options.selection);
  if (list_->parsed() || v.list) {
    output.print([&] { list_cases(cases); });
    return kExitOk;
  }
  const ReportFiles reports = report_files("--output", v.output);
  const std::string results = std::filesystem::path(v.output) / "results.json";
  require_writable("--output", results);

  const InterruptFlag interrupt;
  options.interrupt = interrupt.flag();
  std::optional<ProgressLine> line(v.quiet);
  options.tell = [&line](const std::string& what) { line->show(what); };
  const Comparison comparison =
      measure(cases, options.measure,
              {.progress = [&line](const Progress& progress) { line->show(progress); },
               .interrupt = options.interrupt});
  nlohmann::ordered_json document = results_json(comparison, options);
  const bool complete = !comparison.interrupted && add_studies(comparison, options.studies,
                                                               {.seeds = options.seeds,
                                                                .quick = options.quick,
                                                                .tell = options.tell,
                                                                .interrupt = options.interrupt},
                                                               document);
  line.reset();
  write_file("--output", results, to_text(document));
  const ReportInput report{document_of(document, results), std::nullopt};
  write_reports(report, reports);
  if (!v.quiet) {
    output.print([&] {
      fmt::print("{}{}\n{}\n{}\n", console_report(report), reports.html, reports.markdown, results);
    });
  }
  if (comparison.wrong_cases() > 0) return kExitWrongResult;
  return complete ? kExitOk : kExitInterrupted;
}

}  // namespace mlpbench
