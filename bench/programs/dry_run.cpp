#include <fmt/format.h>

#include <algorithm>

#include "bench/programs/run.h"
#include "support/error.h"
#include "support/format.h"
#include "support/table.h"

namespace mlpbench {
namespace {

/// What everything takes, in seconds; of the cases at most.
struct Sum {
  std::size_t cases = 0;
  double checks = 0.0, rounds = 0.0, studies = 0.0;
};

/// Returns what the case costs, 0 where it cannot run.
CaseCost add_row(const Case& what, const ProblemsOf& problems, const RunOptions& options, Table& table,
                 Sum& sum) {
  std::string reason = what.unusable_reason;
  if (reason.empty()) {
    try {
      const CaseCost cost =
          estimate_cost(problems.at(what.experiment), what, options.measure, options.interrupt);
      const double rounds = 2.0 * cost.visit * static_cast<double>(options.measure.rounds);
      table.add_row({what.name(), format_seconds(cost.check), format_seconds(2.0 * cost.visit),
                     format_seconds(cost.check + rounds)});
      sum.checks += cost.check, sum.rounds += rounds, ++sum.cases;
      return cost;
    } catch (const UserError& error) {
      reason = error.what();
    }
  }
  table.add_row({what.name()}, "unavailable: " + reason);
  return {};
}

void add_all(const std::vector<Case>& cases, const RunOptions& options, Table& table, Sum& sum) {
  Comparison comparison;
  comparison.problems = build_problems(cases, options.interrupt);
  std::vector<CaseCost> costs;
  for (const Case& what : cases) {
    comparison.cases.emplace_back().what = what;
    costs.push_back(add_row(what, comparison.problems, options, table, sum));
  }
  for (const StudyCost& study :
       estimate_studies(comparison, costs, options.studies, options.study_setting())) {
    table.add_row({"study " + study.name, "", "", format_seconds(study.seconds)});
    sum.studies += study.seconds;
  }
}

std::string summary(const Sum& sum, const RunOptions& options) {
  const MeasureOptions& measure = options.measure;
  double seconds = sum.checks + sum.rounds;
  std::string limits = format_count(measure.rounds, "round");
  if (measure.budget_seconds > 0.0) {
    seconds = sum.checks + std::min(sum.rounds, measure.budget_seconds);
    limits += fmt::format(" or {:g} s of them", measure.budget_seconds);
  }
  std::string text =
      fmt::format("{}: at most {} for {}", format_count(sum.cases, "case"), format_duration(seconds), limits);
  if (!options.studies.empty()) {
    text += fmt::format(", and {} for the studies: {} in all", format_duration(sum.studies),
                        format_duration(seconds + sum.studies));
  }
  return text +
         ".\nEstimated by training each for one epoch, or for as many as take a millisecond;\n"
         "a case that reaches --precision stops earlier.\n";
}

}  // namespace

std::string dry_run_text(const std::vector<Case>& cases, const RunOptions& options) {
  Table table;
  table.add_column("case", Table::Align::left);
  for (const char* title : {"check", "a round", "in all"}) table.add_column(title);
  Sum sum;
  try {
    add_all(cases, options, table, sum);
  } catch (const Interrupted&) {
  }
  return table.console() + "\n" + summary(sum, options);
}

}  // namespace mlpbench
