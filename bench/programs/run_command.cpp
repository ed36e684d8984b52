#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "bench/measure/measure.h"
#include "bench/programs/commands.h"
#include "bench/programs/run.h"
#include "bench/report/reports.h"
#include "core/training/thread_pool.h"
#include "experiments/cli/command_page.h"
#include "experiments/cli/record.h"
#include "support/atomic_file.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/interrupt.h"
#include "support/standard_output.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr const char* kFooter =
    "An option that is not given comes from MLPBENCH_OPTION, else --config's file.\n"
    "Exit codes: 0 ok, 2 wrong usage or file, 3 no case ran, 4 wrong result; 129,\n"
    "130, 143 by a signal, with reports of what there is (--resume goes on).";

void list_cases(const std::vector<Case>& cases) {
  for (const Case& what : cases) {
    const std::string& reason = what.unusable_reason;
    fmt::print("{}{}\n", what.name(), reason.empty() ? "" : "  (unavailable: " + reason + ")");
  }
}

/// The message of an error about an option begins with where its value came from.
UserError located(const UserError& error, const Origins& origins) {
  const std::string message = error.what();
  const auto origin = origins.find(message.substr(0, message.find_first_of(": ")));
  return origin == origins.end() ? error : UserError(origin->second + ": " + message);
}

void require_one_that_runs(const std::vector<Case>& cases) {
  if (std::any_of(cases.begin(), cases.end(), [](const Case& c) { return c.unusable_reason.empty(); }))
    return;
  throw UserError(fmt::format("no selected case can run here: {}: {}", cases.front().name(),
                              cases.front().unusable_reason));
}

/// UserError where the system does not grant the threads of a selected case: now, not after minutes.
void require_threads(const std::vector<Case>& cases) {
  const auto most = std::ranges::max(cases, {}, &Case::threads);
  static_cast<void>(ThreadPool(most.threads));
}

/// UserError where no selected case of the named base can run.
void require_base(const std::vector<Case>& cases, const std::string& base) {
  const auto can_be_base = [&](const Case& what) {
    return what.backend->name == base && what.threads == 1 && what.unusable_reason.empty();
  };
  if (base.empty() || std::any_of(cases.begin(), cases.end(), can_be_base)) return;
  for (const Case& what : cases) {
    if (what.backend->name == base) throw UserError("--base " + base + ": " + what.unusable_reason);
  }
  throw UserError("--base: '" + printable(base) + "' is not among the selected backends");
}

/// Whether a study of threads found a result that is not right.
bool is_wrong(const Document& document) {
  const auto wrong = [](const auto& rows) {
    return std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.wrong.empty(); });
  };
  return wrong(document.scaling) || wrong(document.determinism) ||
         std::any_of(document.crossover.begin(), document.crossover.end(),
                     [&](const CrossoverFact& sweep) { return wrong(sweep.points); });
}

struct RunValues {
  SelectionOptions selection;
  TerminalOptions terminal;
  RunOptions options;
  bool list = false, dry_run = false, print_config = false, resume = false, quiet = false,
       no_progress = false;
  std::string output = "results", config, baseline;
};

/// Of the command line, the environment and the configuration file.
RunOptions resolved_options(CLI::App& run, const RunValues& v, const std::string& typed) {
  const Origins origins = complete_options(run);
  try {
    RunOptions options = v.options;
    options.selection = v.selection.selection();
    options.measure.base = meant_backend(options.measure.base);
    options.studies = chosen_studies(options.studies);
    options.command = typed;
    if (options.quick) {
      if (run.count("--rounds") == 0) options.measure.rounds = 14;  // the least that makes an interval of 400
      if (run.count("--seeds") == 0) options.seeds = 3;
      options.measure.seconds_per_run = 0.01;
    }
    options.config = configuration_text(options);
    static_cast<void>(select_cases(options.selection));  // for its errors
    return options;
  } catch (const UserError& error) {
    throw located(error, origins);
  }
}

int measure_all(const RunValues& v, RunOptions options, StandardOutput& output) {
  const std::vector<Case> cases = select_cases(options.selection);
  require_one_that_runs(cases);
  require_threads(cases);
  require_base(cases, options.measure.base);
  const ReportFiles reports = report_files("--output", v.output);
  const std::filesystem::path folder = v.output;
  const std::string results = folder / "results.json", journal_path = folder / "journal.jsonl";
  require_writable("--output", results);
  if (!v.baseline.empty()) read_results(v.baseline);  // for its errors, before minutes of measuring
  const nlohmann::ordered_json identity = run_identity(cases, options);
  Journal journal =
      v.resume ? Journal::resume(journal_path, identity) : Journal::begin(journal_path, identity);

  const bool silent = v.quiet || v.no_progress;
  std::optional<ProgressLine> line(std::in_place, silent);
  Schedule schedule([&line](const Progress& progress) { line->show(progress); });
  StudySetting setting = options.study_setting();
  setting.journal = &journal;
  MeasureHooks hooks{.interrupt = options.interrupt, .journal = &journal};
  std::map<std::string, std::size_t> part_of;  // the schedule's, of the studies to come
  if (!silent) {
    hooks.schedule = &schedule;
    hooks.planned = [&](const Comparison& comparison, const std::vector<CaseCost>& costs) {
      for (const StudyCost& cost : estimate_studies(comparison, costs, options.studies, setting)) {
        part_of[cost.name] = schedule.parts();
        schedule.add(cost.seconds);
      }
    };
    setting.begin = [&](const std::string& study) { schedule.begin(part_of.at(study)), line->begin_part(); };
    setting.tell = [&](const std::string& what) { schedule.tell(what); };
  }
  const Comparison comparison = measure(cases, options.measure, hooks);
  Document document = run_document(comparison, options);
  const bool complete =
      !comparison.interrupted && add_studies(comparison, options.studies, setting, document);
  line.reset();
  const nlohmann::ordered_json json = json_of(document);
  write_file("--output", results, to_text(json));
  const ReportInput report = report_input(document_of(json, results), v.baseline);
  write_reports(report, reports);
  if (complete) journal.remove();
  if (!v.quiet) {
    output.print([&] {
      fmt::print("{}{}\n{}\n{}\n", console_report(report, v.terminal.standard_output()), reports.html,
                 reports.markdown, results);
    });
  }
  if (comparison.wrong_cases() > 0 || is_wrong(report.document)) return kExitWrongResult;
  if (!complete) return InterruptFlag::exit_code();
  const bool none_ran = std::none_of(comparison.cases.begin(), comparison.cases.end(),
                                     [](const CaseResult& row) { return row.run.has_value(); });
  return none_ran ? kExitInconclusive : kExitOk;
}

int measure_or_say(const RunValues& v, RunOptions options, StandardOutput& output) {
  if (v.print_config) {
    output.print([&] { fmt::print("{}", options.config); });
    return kExitOk;
  }
  if (v.list) {
    output.print([&] { list_cases(select_cases(options.selection)); });
    return kExitOk;
  }
  require_moving_clock();
  const InterruptFlag interrupt;
  options.interrupt = interrupt.flag();
  if (v.dry_run) {
    const std::string text = dry_run_text(select_cases(options.selection), options);
    output.print([&] { fmt::print("{}", text); });
    return options.interrupted() ? InterruptFlag::exit_code() : kExitOk;
  }
  return measure_all(v, std::move(options), output);
}

}  // namespace

Command run_command(CLI::App& app, const std::string& typed) {
  const auto values = std::make_shared<RunValues>();
  RunValues& v = *values;
  CLI::App* run = app.add_subcommand("run", "measure; print tables, write results/ and reports");
  RunOptions& options = v.options;
  options.studies = {"all"};
  v.selection.add_to(*run);
  const char *how = "Measurement and output", *now = "This time only";
  const auto option = [run](const char* group, const char* name, auto& value, const char* type,
                            const char* about) {
    return run->add_option(name, value, about)->type_name(type)->group(group);
  };
  const auto in = [](auto low, auto high) { return CLI::Range(low, high).description(""); };
  option(how, "--rounds", options.measure.rounds, "N", "timings of every case, at most (20)")
      ->check(in(std::size_t{1}, std::size_t{10000}));
  option(how, "--precision", options.measure.precision, "PART",
         "a case stops at this relative precision (0.05)")
      ->check(in(1e-6, 1e6));
  option(how, "--base", options.measure.base, "NAME", "backend that speeds are ratios to (openblas)");
  option(how, "--budget", options.measure.budget_seconds, "SECONDS", "no round begins after this many (none)")
      ->check(in(0.0, 1e9));
  std::vector<std::string_view> studies = {"all", "none"};
  const std::vector<std::string> sections = study_names();
  studies.insert(studies.end(), sections.begin(), sections.end());
  set_type(*option(how, "--studies", options.studies, "", "besides times: none, all, or names (all)")
                ->delimiter(','),
           "NAME[,...]", studies);
  option(how, "--seeds", options.seeds, "N", "of the studies (10)")
      ->check(in(std::size_t{1}, std::size_t{1000}));
  run->add_flag("--quick", options.quick, "at most 14 rounds of short runs, 3 seeds")->group(how);
  option(how, "--output", v.output, "FOLDER", "for results.json and reports (results)");
  option(now, "--baseline", v.baseline, "FILE", "results.json of before: say what changed")
      ->configurable(false);
  option(now, "--config", v.config, "FILE", "TOML with values of options");
  const auto flag = [&](const char* name, bool& value, const char* about) {
    run->add_flag(name, value, about)->group(now)->configurable(false);
  };
  run->get_option("--config")->configurable(false);
  flag("--print-config", v.print_config, "print TOML that makes the same run, and end");
  run->get_option("--print-config")->group(kRarelyNeeded);
  flag("--list", v.list, "only name the cases");
  flag("--dry-run", v.dry_run, "only say what would run, and how long");
  flag("--resume", v.resume, "continue a run that had the same options");
  v.terminal.add_to(*run, now);
  flag("--no-progress", v.no_progress, "nothing on stderr");
  flag("--quiet", v.quiet, "write the files and print nothing");
  run->set_help_flag("-h,--help", "this page")->group(now)->configurable(false);
  add_help_all(*run)->group(now);
  run->footer(kFooter);
  return {run, [run, values, typed](StandardOutput& output) {
            return measure_or_say(*values, resolved_options(*run, *values, typed), output);
          }};
}

Command list_command(CLI::App& app) {
  const auto selection = std::make_shared<SelectionOptions>();
  CLI::App* list = app.add_subcommand("list", "name the cases, and why some cannot run here");
  selection->add_to(*list);
  add_help_all(*list);
  return {list, [selection](StandardOutput& output) {
            const Selection selected = selection->selection();
            output.print([&] { list_cases(select_cases(selected)); });
            return kExitOk;
          }};
}

}  // namespace mlpbench
