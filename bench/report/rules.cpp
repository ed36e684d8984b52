#include "bench/report/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/facts.h"
#include "bench/report/fields.h"
#include "bench/report/words.h"
#include "support/format.h"

namespace mlpbench {
namespace {

using State = RuleCheck::State;

template <typename Holds>
std::size_t count_cases(const Document& document, Holds holds) {
  return static_cast<std::size_t>(std::count_if(document.cases.begin(), document.cases.end(), holds));
}

std::size_t speeds(const Document& document) {
  return count_cases(document, [](const ReportCase& row) { return row.speed.has_value(); });
}

/// Kept when all `of` things have it, n.a. when there are none.
State all_of(std::size_t having, std::size_t of) {
  return of == 0 ? State::not_applicable : having == of ? State::kept : State::broken;
}

RuleCheck base_of_speedups(const Document& document) {
  const std::size_t stated = count_cases(document, [](const ReportCase& row) {
    return row.speed && !row.speed->base.empty() && std::isfinite(row.speed->base_seconds);
  });
  return {all_of(stated, speeds(document)), "Speed-ups state their base and its absolute performance",
          fmt::format("{} of {} name naive on one thread and its seconds an epoch", stated,
                      format_count(speeds(document), "speed"))};
}

RuleCheck subsets(const Document& document) {
  const std::size_t silent = count_cases(document, [](const ReportCase& row) {
    return row.unavailable.empty() && row.wrong.empty() && !row.timed();
  });
  const Tally tally = tally_of(document);
  const double known = document.cases_known;
  std::string fact = fmt::format("{} timed, {} wrong, {} could not run, {} without times", tally.timed,
                                 tally.wrong, tally.unavailable, silent);
  if (std::isfinite(known)) {
    fact += fmt::format("; {} of the {} known cases selected, filter: {}", document.cases.size(),
                        count_text(known), document.filter.empty() ? "none" : document.filter);
  }
  const Fields& machine = document.machine;
  fact += fmt::format("; {} of {} logical cores allowed", count_text(number_of(machine, "cores_allowed")),
                      count_text(number_of(machine, "logical_cores")));
  return {silent > 0 ? State::broken : State::kept, "Subsets and unused resources have a reason", fact};
}

RuleCheck intervals(const Document& document) {
  const std::size_t with =
      count_cases(document, [](const ReportCase& row) { return row.timed() && row.interval; });
  const std::size_t timed = tally_of(document).timed;
  return {
      all_of(with, timed), "Nondeterministic data come with confidence intervals",
      fmt::format(
          "{} of {} have the {} interval of their median; losses, parity and flop counts are deterministic",
          with, format_count(timed, "timed case"),
          percent_text(number_of(document.method, "confidence"), 0))};
}

RuleCheck sound_comparison(const Document& document) {
  const std::size_t with =
      count_cases(document, [](const ReportCase& row) { return row.speed && row.speed->interval; });
  return {all_of(with, speeds(document)), "Comparisons are statistically sound",
          fmt::format(
              "{} of {} have the interval of a sign test on quotients of the same rounds, corrected for {} "
              "comparisons",
              with, format_count(speeds(document), "speed"),
              count_text(number_of(document.method, "comparisons")))};
}

RuleCheck percentiles(const Document& document) {
  const std::size_t with = count_cases(document, [](const ReportCase& row) {
    return row.timed() && std::isfinite(row.lowest) && std::isfinite(row.p95) && std::isfinite(row.highest);
  });
  const std::size_t timed = tally_of(document).timed;
  return {all_of(with, timed), "Percentiles stand beside the median",
          fmt::format("{} of {} have lowest, 95th percentile, highest and every round", with,
                      format_count(timed, "timed case"))};
}

RuleCheck documented(const Document& document) {
  std::string missing;
  const auto require = [&](const Fields& object, const char* key, const char* name) {
    const Fields& value = field(object, key);
    if (value.is_null() || value == "unknown" || value == "")
      missing += (missing.empty() ? "" : ", ") + std::string(name);
  };
  require(document.machine, "cpu", "processor");
  require(document.machine, "os", "system");
  require(document.machine, "memory_bytes", "memory");
  require(document.build, "compiler", "compiler");
  require(document.build, "flags", "flags");
  require(document.build, "libraries", "libraries");
  require(document.build, "git_commit", "commit");
  require(document.measurement, "clock", "clock");
  const std::string hidden = unknowns(document);
  return {missing.empty() ? State::kept : State::broken,
          "All factors, their levels and the setup are documented",
          (missing.empty()
               ? "processor, memory, system, compiler, flags, libraries, commit, clock and data are stated"
               : "missing: " + missing) +
              (hidden.empty() ? "" : "; the system does not say: " + hidden)};
}

RuleCheck parallel_time(const Document& document) {
  const bool parallel = !document.scaling.empty() ||
                        count_cases(document, [](const ReportCase& row) { return row.threads > 1; }) > 0;
  const double reading = number_of(document.measurement, "clock_reading_seconds");
  if (!parallel) {
    return {State::not_applicable, "Parallel time: how it is measured and summarised",
            "nothing ran on several threads"};
  }
  return {
      std::isfinite(reading) ? State::kept : State::broken,
      "Parallel time: how it is measured and summarised",
      fmt::format(
          "wall time from before the first step until every thread is done; a reading of the clock costs {}",
          seconds_text(reading))};
}

RuleCheck upper_bounds(const Document& document) {
  const std::size_t with = count_cases(
      document, [](const ReportCase& row) { return row.timed() && std::isfinite(row.peak_flops); });
  const std::size_t timed = tally_of(document).timed;
  const bool roofs = document.roofline && !document.roofline->peaks.empty();
  const State state = timed == 0 && !roofs     ? State::not_applicable
                      : with == timed || roofs ? State::kept
                                               : State::broken;
  return {
      state, "Upper bounds are shown",
      fmt::format("{} of {} beside the peak of their instruction set; roofline: {}; scaling beside measured "
                  "ceilings: {}",
                  with, format_count(timed, "timed case"), roofs ? "measured" : "none",
                  document.scaling.empty() ? "none" : format_count(document.scaling.size(), "row"))};
}

}  // namespace

const char* sign_of(RuleCheck::State state) noexcept {
  return state == State::kept ? "✔" : state == State::broken ? "✘" : "n.a.";
}

std::vector<RuleCheck> check_rules(const Document& document) {
  return {
      base_of_speedups(document),
      subsets(document),
      {State::kept, "The arithmetic mean is for costs only",
       "no mean is shown: rates are the work of an epoch divided by its median time"},
      {State::kept, "Ratios are not averaged",
       "no ratio is averaged over experiments; sentences give the lowest and the highest"},
      intervals(document),
      {State::kept, "Normality is not assumed unchecked",
       "all intervals are of ranks, whatever the distribution"},
      sound_comparison(document),
      percentiles(document),
      documented(document),
      parallel_time(document),
      upper_bounds(document),
      {State::kept, "Plots show the spread, and lines only where they interpolate",
       "intervals or raw points in every figure; lines join epochs, seconds and numbers of threads only"}};
}

}  // namespace mlpbench
