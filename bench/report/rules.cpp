#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/facts.h"
#include "bench/report/tables.h"
#include "bench/report/words.h"
#include "support/format.h"

namespace mlpbench {
namespace {

/// One of the twelve rules for reporting parallel performance (Hoefler and Belli 2015), held against a
/// document.
struct RuleCheck {
  enum class State { kept, broken, not_applicable };
  State state = State::kept;
  std::string rule;  ///< in a few words
  std::string fact;  ///< what the document has, or lacks
};

using State = RuleCheck::State;

template <typename Holds>
std::size_t count_cases(const Document& document, Holds holds) {
  return static_cast<std::size_t>(std::count_if(document.cases.begin(), document.cases.end(), holds));
}

State all_of(std::size_t having, std::size_t of) {
  return of == 0 ? State::not_applicable : having == of ? State::kept : State::broken;
}

/// Kept when all speeds, or all timed cases, have what the rule asks; n.a. when there are none.
template <typename Has>
RuleCheck all_speeds(const Document& document, const char* rule, Has has, const std::string& fact) {
  const auto speed = [](const ReportCase& row) { return row.speed.has_value(); };
  const std::size_t of = count_cases(document, speed);
  const std::size_t having =
      count_cases(document, [&](const ReportCase& row) { return row.speed && has(*row.speed); });
  return {all_of(having, of), rule, fmt::format("{} of {} {}", having, format_count(of, "speed"), fact)};
}

template <typename Has>
RuleCheck all_timed(const Document& document, const char* rule, Has has, const std::string& fact) {
  const std::size_t of = tally_of(document).timed;
  const std::size_t having =
      count_cases(document, [&](const ReportCase& row) { return row.timed() && has(row); });
  return {all_of(having, of), rule, fmt::format("{} of {} {}", having, format_count(of, "timed case"), fact)};
}

RuleCheck subsets(const Document& document) {
  const std::size_t silent = count_cases(document, [](const ReportCase& row) {
    return row.unavailable.empty() && row.wrong.empty() && !row.timed();
  });
  const Tally tally = tally_of(document);
  const double known = document.selection.cases_known;
  std::string fact = fmt::format("{} timed, {} wrong, {} could not run, {} without times", tally.timed,
                                 tally.wrong, tally.unavailable, silent);
  if (std::isfinite(known)) {
    fact += fmt::format("; {} of the {} known cases selected, filter: {}", document.cases.size(),
                        count_text(known),
                        document.selection.filter.empty() ? "none" : document.selection.filter);
  }
  const MachineFacts& machine = document.machine;
  fact += fmt::format("; {} of {} logical cores allowed", count_text(machine.cores_allowed),
                      count_text(machine.logical_cores));
  return {silent > 0 ? State::broken : State::kept, "Subsets and unused resources have a reason", fact};
}

RuleCheck documented(const Document& document) {
  std::string missing;
  const auto require = [&](bool stated, const char* name) {
    if (!stated) missing += (missing.empty() ? "" : ", ") + std::string(name);
  };
  const auto known = [](const std::string& text) { return !text.empty() && text != "unknown"; };
  require(known(document.machine.cpu), "processor");
  require(known(document.machine.os), "system");
  require(std::isfinite(document.machine.memory_bytes), "memory");
  require(known(document.build.compiler), "compiler");
  require(!document.build.flags.empty(), "flags");
  require(!document.build.libraries.empty(), "libraries");
  require(known(document.build.git_commit), "commit");
  require(known(document.measurement.clock), "clock");
  const std::string hidden = unknowns(document);
  return {missing.empty() ? State::kept : State::broken,
          "All factors, their levels and the setup are documented",
          (missing.empty()
               ? "processor, memory, system, compiler, flags, libraries, commit, clock and data are stated"
               : "missing: " + missing) +
              (hidden.empty() ? "" : "; the system does not say: " + hidden)};
}

RuleCheck parallel_time(const Document& document) {
  const char* rule = "Parallel time: how it is measured and summarised";
  const bool parallel = !document.scaling.empty() ||
                        count_cases(document, [](const ReportCase& row) { return row.threads > 1; }) > 0;
  if (!parallel) return {State::not_applicable, rule, "nothing ran on several threads"};
  const double reading = document.measurement.clock_reading_seconds;
  return {
      std::isfinite(reading) ? State::kept : State::broken, rule,
      fmt::format(
          "wall time from before the first step until every thread is done; a reading of the clock costs {}",
          seconds_text(reading))};
}

RuleCheck upper_bounds(const Document& document) {
  const bool roofs = document.roofline && !document.roofline->peaks.empty();
  RuleCheck check = all_timed(
      document, "Upper bounds are shown",
      [](const ReportCase& row) { return std::isfinite(row.peak_flops.flops); },
      fmt::format(
          "beside the peak of their instruction set; roofline: {}; scaling beside measured ceilings: {}",
          roofs ? "measured" : "none",
          document.scaling.empty() ? "none" : format_count(document.scaling.size(), "row")));
  if (roofs) check.state = State::kept;
  return check;
}

/// All twelve, in their order. What the program does by construction is stated as a fact; all else is
/// counted.
std::vector<RuleCheck> check_rules(const Document& document) {
  const auto names_its_base = [](const SpeedFact& speed) {
    return !speed.base.empty() && std::isfinite(speed.base_seconds);
  };
  const auto has_percentiles = [](const ReportCase& row) {
    return std::isfinite(row.seconds.lowest) && std::isfinite(row.seconds.p95) &&
           std::isfinite(row.seconds.highest);
  };
  return {
      all_speeds(document, "Speed-ups state their base and its absolute performance", names_its_base,
                 "name naive on one thread and its seconds an epoch"),
      subsets(document),
      {State::kept, "The arithmetic mean is for costs only",
       "no mean is shown: rates are the work of an epoch divided by its median time"},
      {State::kept, "Ratios are not averaged",
       "no ratio is averaged over experiments; sentences give the lowest and the highest"},
      all_timed(
          document, "Nondeterministic data come with confidence intervals",
          [](const ReportCase& row) { return row.seconds.interval.has_value(); },
          fmt::format(
              "have the {} interval of their median; losses, parity and flop counts are deterministic",
              confidence_text(document))),
      {State::kept, "Normality is not assumed unchecked",
       "all intervals are of ranks, whatever the distribution"},
      all_speeds(
          document, "Comparisons are statistically sound",
          [](const SpeedFact& speed) { return speed.interval.has_value(); },
          fmt::format("have the interval of a sign test on quotients of the same rounds, corrected for {} "
                      "comparisons",
                      count_text(document.method.comparisons))),
      all_timed(document, "Percentiles stand beside the median", has_percentiles,
                "have lowest, 95th percentile, highest and every round"),
      documented(document),
      parallel_time(document),
      upper_bounds(document),
      {State::kept, "Plots show the spread, and lines only where they interpolate",
       "intervals or raw points in every figure; lines join epochs, seconds and numbers of threads only"}};
}

}  // namespace

Table rules_table(const Document& document, const char* rule, const char* fact) {
  Table table;
  table.add_column("rule");
  for (const char* title : {"kept", rule, fact}) table.add_left(title);
  for (const RuleCheck& check : check_rules(document)) {
    const bool kept = check.state == State::kept, broken = check.state == State::broken;
    table.add_row({std::to_string(table.rows().size() + 1),
                   {kept     ? "✔"
                    : broken ? "✘"
                             : "n.a.",
                    NAN,
                    kept     ? "good"
                    : broken ? "bad"
                             : ""},
                   {check.rule, NAN, "wrap"},
                   {check.fact, NAN, "wrap"}});
  }
  return table;
}

}  // namespace mlpbench
