#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/compare/outputs.h"
#include "bench/stats/order.h"
#include "support/format.h"
#include "support/text.h"

namespace mlpbench {
namespace {

Table::Cell seconds_cell(double seconds) { return {seconds > 0.0 ? format_seconds(seconds) : "", seconds}; }

Table::Cell percent_cell(double part) {
  return {std::isfinite(part) ? fmt::format("{:.1f} %", 100 * part) : "", part};
}

}  // namespace

Table compare_table(const CompareResult& result, Shown which) {
  Table table;
  for (const char* title : {"case", "verdict"}) table.add_left(title);
  table.add_column("candidate / base", Table::Align::right, 5);
  for (const auto& [title, step] : {std::pair{"base", 4}, {"candidate", 6}, {"threshold", 2}, {"noise", 1}})
    table.add_column(title, Table::Align::right, 0, step);
  table.add_column("why", Table::Align::left, 0, 3);
  std::vector<const CaseVerdict*> shown;
  for (const CaseVerdict& c : result.cases) {
    const bool notable = c.bad_quality || c.verdict != Verdict::equivalent;
    const bool open = !c.bad_quality && c.verdict == Verdict::inconclusive;
    if (which == Shown::all ||
        (notable && (which == Shown::notable || open == (which == Shown::inconclusive))))
      shown.push_back(&c);
  }
  std::ranges::stable_sort(shown, {},
                           [](const CaseVerdict* c) { return std::pair(!c->bad_quality, c->verdict); });
  for (const CaseVerdict* c : shown) {
    const char* tone = c->bad_quality || c->verdict == Verdict::regressed ? "bad"
                       : c->verdict == Verdict::improved                  ? "good"
                                                                          : "";
    const Table::Cell word = {std::string(c->bad_quality ? "WRONG" : to_string(c->verdict)), NAN, tone};
    if (c->verdict == Verdict::incomparable) {
      table.add_row({c->name, word}, c->reason);
      continue;
    }
    table.add_row({c->name,
                   word,
                   {candidate_over_base(*c), c->ratio.value_or(NAN)},
                   seconds_cell(c->base_seconds),
                   seconds_cell(c->candidate_seconds),
                   percent_cell(c->threshold),
                   percent_cell(c->noise_floor),
                   c->reason});
  }
  return table;
}

Table compare_counts_table(const CompareResult& result) {
  Table table;
  table.add_left("verdict");
  for (const char* title : {"cases", "median of candidate / base", "lowest", "highest"})
    table.add_column(title);
  for (const Verdict verdict : kVerdicts) {
    const std::size_t count = result.count(verdict);
    if (count == 0) continue;
    std::vector<double> ratios;
    for (const CaseVerdict& c : result.cases) {
      if (c.verdict == verdict && c.ratio) ratios.push_back(*c.ratio);
    }
    std::vector<Table::Cell> cells = {std::string(to_string(verdict)),
                                      {std::to_string(count), static_cast<double>(count)}};
    if (!ratios.empty()) {
      const Summary summary = summarize(ratios);
      for (const double ratio : {summary.median, summary.lowest, summary.highest}) {
        cells.emplace_back(fmt::format("{:.3f}", ratio), ratio);
      }
    }
    table.add_row(std::move(cells));
  }
  return table;
}

Table differences_table(const CompareResult& result) {
  Table table;
  for (const char* title : {"what differs", "base", "candidate"}) table.add_left(title);
  for (const Difference& one : differences(result.base.identity, result.candidate.identity))
    table.add_row({one.what, one.one, one.other});
  return table;
}

Table side_by_side_table(const CompareResult& result) {
  Table table;
  table.add_left("case");
  for (const char* title : {"base, time/epoch", "candidate, time/epoch"}) table.add_column(title);
  for (const CaseVerdict& c : result.cases)
    table.add_row({c.name, seconds_cell(c.base_seconds), seconds_cell(c.candidate_seconds)});
  return table;
}

Table many_table(const std::vector<CompareResult>& results) {
  Table table;
  table.add_left("case");
  table.add_column("base");
  for (const CompareResult& one : results) table.add_column(printable_ends(one.candidate.path, 20));
  for (std::size_t i = 0; i < results.front().cases.size(); ++i) {
    const CaseVerdict& first = results.front().cases[i];
    std::vector<Table::Cell> cells = {first.name, seconds_cell(first.base_seconds)};
    for (const CompareResult& one : results) {
      const CaseVerdict& c = one.cases[i];
      const bool bad = c.bad_quality || c.verdict == Verdict::regressed;
      cells.emplace_back(
          fmt::format("{} {}", c.bad_quality ? "WRONG" : to_string(c.verdict),
                      c.ratio ? fmt::format("{:.3g}x", *c.ratio) : format_seconds(c.candidate_seconds)),
          c.ratio.value_or(NAN),
          bad                              ? "bad"
          : c.verdict == Verdict::improved ? "good"
                                           : "");
    }
    table.add_row(std::move(cells));
  }
  return table;
}

}  // namespace mlpbench
