#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/facts.h"
#include "bench/report/groups.h"
#include "bench/report/words.h"
#include "support/format.h"

namespace mlpbench {
namespace {

/// Whether a rule is kept, as its table shows it.
struct State {
  const char *mark, *tone;
};
constexpr State kKept{"✔", "good"}, kBroken{"✘", "bad"}, kNotApplicable{"n.a.", ""};

struct RuleCheck {
  State state;
  const char* rule;  ///< in a few words
  std::string fact;  ///< what the document has, or lacks
};

using Cases = std::vector<const ReportCase*>;

/// Kept when all of these cases have what the rule asks; n.a. when there are none.
RuleCheck all_have(const Cases& cases, const char* noun, const char* rule, bool (*has)(const ReportCase&),
                   const std::string& fact) {
  const auto having = std::ranges::count_if(cases, [&](const ReportCase* row) { return has(*row); });
  const bool all = static_cast<std::size_t>(having) == cases.size();
  return {cases.empty() ? kNotApplicable
          : all         ? kKept
                        : kBroken,
          rule, fmt::format("{} of {} {}", having, format_count(cases.size(), noun), fact)};
}

RuleCheck subsets(const Document& document) {
  const Tally tally = tally_of(document);
  const auto silent = std::ranges::count_if(document.cases, [](const ReportCase& row) {
    return row.unavailable.empty() && row.wrong.empty() && !row.timed();
  });
  std::string fact = fmt::format("{} timed, {} wrong, {} could not run, {} without times", tally.timed,
                                 tally.wrong, tally.unavailable, silent);
  if (std::isfinite(document.selection.cases_known.value)) {
    const std::string& filter = document.selection.filter;
    fact += fmt::format("; {} of the {} known cases selected, filter: {}", document.cases.size(),
                        count_text(document.selection.cases_known), filter.empty() ? "none" : filter);
  }
  fact += fmt::format("; {} of {} logical cores allowed", count_text(document.machine.cores_allowed),
                      count_text(document.machine.logical_cores));
  return {silent == 0 ? kKept : kBroken, "Subsets and unused resources have a reason", fact};
}

RuleCheck documented(const Document& document) {
  const MachineFacts& machine = document.machine;
  const BuildFacts& build = document.build;
  const auto known = [](const std::string& text) { return !text.empty() && text != "unknown"; };
  const std::pair<bool, std::string> facts[] = {{known(machine.cpu), "processor"},
                                                {known(machine.os), "system"},
                                                {std::isfinite(machine.memory_bytes), "memory"},
                                                {known(build.compiler), "compiler"},
                                                {!build.flags.empty(), "flags"},
                                                {!build.libraries.empty(), "libraries"},
                                                {known(build.git_commit), "commit"},
                                                {known(document.measurement.clock), "clock"}};
  const auto missing = entries_where(std::span(facts), [](const auto& fact) { return !fact.first; });
  const std::string hidden = unknowns(document);
  return {missing.empty() ? kKept : kBroken, "All factors, their levels and the setup are documented",
          (missing.empty()
               ? "processor, memory, system, compiler, flags, libraries, commit, clock and data are stated"
               : "missing: " + listed(missing, [](const auto* fact) { return fact->second; })) +
              (hidden.empty() ? "" : "; the system does not say: " + hidden)};
}

RuleCheck parallel_time(const Document& document) {
  const char* rule = "Parallel time: how it is measured and summarised";
  const auto parallel = [](const ReportCase& row) { return row.threads > 1; };
  if (document.scaling.empty() && std::ranges::none_of(document.cases, parallel))
    return {kNotApplicable, rule, "nothing ran on several threads"};
  const double reading = document.measurement.clock_reading_seconds;
  return {std::isfinite(reading) ? kKept : kBroken, rule,
          "wall time from before the first step until every thread is done; a reading of the clock costs " +
              seconds_text(reading)};
}

RuleCheck upper_bounds(const Document& document, const Cases& timed) {
  const bool roofs = document.roofline && !document.roofline->peaks.empty();
  RuleCheck check = all_have(
      timed, "timed case", "Upper bounds are shown",
      [](const ReportCase& row) { return std::isfinite(row.peak_flops.flops); },
      fmt::format(
          "beside the peak of their instruction set; roofline: {}; scaling beside measured ceilings: {}",
          roofs ? "measured" : "none",
          document.scaling.empty() ? "none" : format_count(document.scaling.size(), "row")));
  if (!roofs) return check;
  const std::size_t above = document.roofline->points_above();
  check.state = above == 0 ? kKept : kBroken;
  if (above > 0)
    check.fact += fmt::format("; {} above the roof that should bound it", format_count(above, "operation"));
  return check;
}

/// All twelve, in their order. What the program does by construction is stated as a fact; all else is
/// counted.
std::vector<RuleCheck> check_rules(const Document& document) {
  const Cases timed = entries_where(document.cases, &ReportCase::timed);
  const Cases compared =
      entries_where(document.cases, [](const ReportCase& row) { return row.speed.has_value(); });
  return {
      all_have(
          compared, "speed", "Speed-ups state their base and its absolute performance",
          [](const ReportCase& row) {
            return !row.speed->base.empty() && std::isfinite(row.speed->base_seconds);
          },
          fmt::format("name {} on one thread and its seconds an epoch", document.method.base)),
      subsets(document),
      {kKept, "The arithmetic mean is for costs only",
       "no mean is shown: rates are the work of an epoch divided by its median time"},
      {kKept, "Ratios are not averaged",
       "no ratio is averaged over experiments; sentences give the lowest and the highest"},
      all_have(
          timed, "timed case", "Nondeterministic data come with confidence intervals",
          [](const ReportCase& row) { return row.seconds.interval.has_value(); },
          fmt::format(
              "have the {} interval of their median; losses, parity and flop counts are deterministic",
              confidence_text(document))),
      {kKept, "Normality is not assumed unchecked", "all intervals are of ranks, for any distribution"},
      all_have(
          compared, "speed", "Comparisons are statistically sound",
          [](const ReportCase& row) { return row.speed->interval.has_value(); },
          fmt::format("have the interval of a sign test on quotients of the same rounds, corrected for {} "
                      "comparisons",
                      count_text(document.method.comparisons))),
      all_have(
          timed, "timed case", "Percentiles stand beside the median",
          [](const ReportCase& row) {
            return std::isfinite(row.seconds.lowest + row.seconds.p95 + row.seconds.highest);
          },
          "have lowest, 95th percentile, highest and every round"),
      documented(document),
      parallel_time(document),
      upper_bounds(document, timed),
      {kKept, "Plots show the spread, and lines only where they interpolate",
       "intervals or raw points in every figure; lines join epochs, seconds and numbers of threads only"}};
}

}  // namespace

Table rules_table(const Document& document, const char* rule, const char* fact) {
  Table table;
  table.add_column("rule");
  for (const char* title : {"kept", rule, fact}) table.add_left(title);
  for (const auto& [state, name, found] : check_rules(document)) {
    table.add_row({std::to_string(table.rows().size() + 1),
                   {state.mark, NAN, state.tone},
                   {name, NAN, "wrap"},
                   {found, NAN, "wrap"}});
  }
  return table;
}

}  // namespace mlpbench
