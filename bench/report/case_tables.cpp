#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "bench/report/columns.h"
#include "bench/report/facts.h"

namespace mlpbench {
namespace {

using namespace columns;

/// "14.2 (31 %)" GFLOP/s and the fraction of what the instruction set can do.
Cell flops_cell(const ReportCase& row) {
  const double flops = row.flops(), share = flops / row.peak_flops.flops;
  if (!std::isfinite(flops)) return Cell(kNotKnown);
  const std::string text = number_text(flops * 1e-9);
  if (!std::isfinite(row.peak_flops.flops)) return {text, flops};
  return {fmt::format("{} ({})", text, percent_text(share, share < 0.095 ? 1 : 0)), flops};
}

Cell speed_cell(const ReportCase& row, const Group& group) {
  if (row.speed) return {ratio_text(row.speed->ratio, row.speed->interval), row.speed->ratio};
  if (group.base(row.dtype) == &row) return {"1x (the base)", 1.0};
  return kNotKnown;
}

Cell separation_cell(const ReportCase& row) {
  if (!row.speed) return "";
  if (!row.speed->interval) return "too few rounds";
  const std::string& word = row.speed->that_is;
  return {word, row.speed->ratio, word == "faster" ? "good" : word == "slower" ? "bad" : "loose"};
}

/// The largest difference from the reference, which is named where it is not `with`.
Cell parity_with(const ReportCase& row, const std::string& with) {
  const ParityFact& parity = row.parity;
  if (std::isnan(parity.largest)) return parity.why_none.empty() ? "not stated" : "none";
  const bool right = parity.largest <= parity.tolerance || std::isnan(parity.tolerance);
  return {exponent_text(parity.largest) + (with == parity.with ? "" : " from " + parity.with), parity.largest,
          right ? "good" : "bad"};
}

/// What there is of a case in the table of all experiments.
Cell parity_with_tolerance(const ReportCase& row) {
  if (!row.unavailable.empty()) return "could not run";
  if (!row.wrong.empty()) return {"WRONG", NAN, "bad"};
  const ParityFact& parity = row.parity;
  if (std::isnan(parity.largest)) return "no reference";
  return {fmt::format("{} of {:.0e}", exponent_text(parity.largest), parity.tolerance), parity.largest,
          parity.largest <= parity.tolerance ? "good" : "bad"};
}

Cell quality_cell(const ReportCase& row) { return {quality_text(row), range_over(qualities_of(row)).median}; }

Cell seconds_cell(double seconds) { return {seconds_text(seconds), seconds}; }

/// What all cases of the group were compared with, or empty.
std::string common_reference(const Group& group) {
  const auto compared =
      entries_where(group.cases, [](const ReportCase& row) { return !std::isnan(row.parity.largest); });
  const auto references = names_by(compared, [](const ReportCase& row) { return row.parity.with; });
  return references.size() == 1 ? references.front() : "";
}

Cell worst_parity_cell(const Group& group) {
  const ParityFact* worst = nullptr;
  const auto share = [](const ParityFact& parity) { return parity.largest / parity.tolerance; };
  for (const ReportCase& row : group.cases) {
    if (std::isnan(row.parity.largest)) continue;
    if (worst == nullptr || share(row.parity) > share(*worst)) worst = &row.parity;
  }
  if (worst == nullptr) return kNotKnown;
  return {exponent_text(worst->largest), worst->largest};
}

/// "libxsmm, 1.23x [1.2, 1.3]": how many times as long it takes as the fastest, with its dtype where it
/// differs. Or "libxsmm and naive not separated".
std::string runner_up_text(const Group& group, const std::vector<Leader>& leaders) {
  for (const Leader& leader : leaders) {
    if (leader.row != group.fastest()) continue;
    if (!leader.fastest()) return names_text(leader.not_separated_from) + " not separated";
    const ReportCase& other = *leader.runner_up;
    const std::string label = other.dtype == leader.row->dtype ? other.backend : case_label(other);
    return leader.ahead ? label + ", " + ratio_text(leader.ahead->ratio, leader.ahead->interval) : label;
  }
  return kNotKnown;
}

/// How many of the cases that ran are correct: "19/19".
Cell correct_cases(const Group& group) {
  const auto ran = entries_where(group.cases, [](const ReportCase& row) { return row.unavailable.empty(); });
  const auto right = std::ranges::count_if(ran, [](const ReportCase* row) { return row->wrong.empty(); });
  const bool all = static_cast<std::size_t>(right) == ran.size();
  return {fmt::format("{}/{}", right, ran.size()), static_cast<double>(right), all ? "good" : "bad"};
}

}  // namespace

Table summary_table(const Document& document) {
  const std::vector<Group> groups = groups_of(document);
  const std::vector<Leader> leaders = leaders_of(groups, document);
  const auto fastest = [](const Group& group) { return case_label(*group.fastest()); };
  const auto seconds = [](const Group& group) { return seconds_cell(group.fastest()->seconds.median); };
  const auto runner_up = [&](const Group& group) { return runner_up_text(group, leaders); };
  const auto speed = [](const Group& group) { return speed_cell(*group.fastest(), group); };
  const auto quality = [](const Group& group) { return quality_cell(*group.fastest()); };
  return table_of<Group>(
      groups,
      {left("experiment", &Group::name), left("fastest", fastest, kTimed),
       right("against " + document.method.base, speed, kTimed).at(7, 0),
       left("runner-up", runner_up, kTimed).at(5, 8), right("correct", correct_cases, kTimed),
       right("time/epoch", seconds, kTimed).at(0, 6), right("accuracy or MSE", quality, kTimed).at(3, 4),
       right("largest difference", worst_parity_cell, kTimed).at(0, 2)},
      [](const Group& group) -> Reached {
        if (group.fastest() != nullptr) return {};
        const auto is_wrong = [](const ReportCase& row) { return !row.wrong.empty(); };
        const bool wrong = std::ranges::any_of(group.cases, is_wrong);
        return {kNamed, wrong ? "WRONG, not timed" : "nothing timed"};
      });
}

Table isa_table(const Document& document) {
  Table table;
  for (const char* title : {"backend", "executes"}) table.add_left(title);
  std::set<std::pair<std::string, std::string>> seen;
  for (const ReportCase& row : document.cases) {
    const std::string& isa = row.record().isa;
    if (!isa.empty() && seen.emplace(row.backend, isa).second)
      table.add_row({row.backend, {isa, std::numeric_limits<double>::quiet_NaN(), "wrap"}});
  }
  return table;
}

Table backend_table(const Group& group) {
  const std::string with = common_reference(group);
  const auto time = [](const ReportCase& row) {
    const std::string middle = seconds_text(row.seconds.median);
    const std::optional<Interval>& interval = row.seconds.interval;
    return Cell(interval ? bracketed_text(middle, seconds_text(interval->low), seconds_text(interval->high))
                         : middle + " [too few rounds]",
                row.seconds.median);
  };
  std::vector<ColumnOf<ReportCase>> columns = {
      left("backend", &ReportCase::backend),
      left("dtype", &ReportCase::dtype),
      number("threads", &ReportCase::threads, count_text, kChecked),
      number("ranks", &ReportCase::ranks, count_text, kChecked),
      right(
          "against " + group.document->method.base,
          [&](const ReportCase& row) { return speed_cell(row, group); }, kTimed),
      left("verdict", separation_cell, kTimed),
      right("time/epoch [interval]", time, kTimed).at(6, 0),
      right(group.quality_title(), quality_cell, kTimed).at(4, 7),
      right(
          with.empty() ? "parity" : "parity with " + with,
          [&](const ReportCase& row) { return parity_with(row, with); }, kTimed)
          .at(0, 1),
      number("samples/s", &ReportCase::samples_per_second, quantity_text, kTimed).at(0, 3),
      right("GFLOP/s (of peak)", flops_cell, kTimed).at(0, 2),
      number("noise", &ReportCase::noise_floor, percent_with<1>, kTimed).at(0, 5)};
  for (const auto& [title, count] :
       {std::pair{"threads", &ReportCase::threads}, {"ranks", &ReportCase::ranks}}) {
    if (std::ranges::all_of(group.cases, [&, of = count](const ReportCase& row) { return row.*of == 1; }))
      std::erase_if(columns,
                    [&, of = title](const ColumnOf<ReportCase>& column) { return column.title == of; });
  }
  return table_of<ReportCase>(group.cases, columns, [](const ReportCase& row) -> Reached {
    if (!row.unavailable.empty()) return {kNamed, "unavailable: " + row.unavailable};
    if (row.timed() || !row.wrong.empty()) return named_if_wrong(row);
    return {kChecked, row.stopped.empty() ? "not timed" : "not timed: " + row.stopped};
  });
}

Table details_table(const Document& document) {
  const auto p_value = [](const ReportCase& row) {
    return row.speed ? Cell(number_text(row.speed->p_value_holm), row.speed->p_value_holm) : Cell();
  };
  const auto time = [](const char* title, double EpochSeconds::*of) {
    return number(
        title, [of](const ReportCase& row) { return row.seconds.*of; }, seconds_text);
  };
  const auto rounds = [](const ReportCase& row) { return row.epoch_seconds.size(); };
  const auto bytes = [](double count) { return std::isnan(count) ? kNotKnown : quantity_text(count) + "B"; };
  return table_of<ReportCase>(
      document.cases,
      {left("case", &ReportCase::name), number("rounds", rounds, count_text),
       time("lowest", &EpochSeconds::lowest), time("median", &EpochSeconds::median),
       time("95th percentile", &EpochSeconds::p95), time("highest", &EpochSeconds::highest),
       number("peak memory", &ReportCase::peak_bytes, bytes), right("p (Holm)", p_value),
       left("stopped", &ReportCase::stopped)},
      [](const ReportCase& row) { return row.timed() ? Reached{} : Reached{-1}; });
}

Table parity_table(const Document& document) {
  Table table;
  if (document.cases.empty()) return table;
  const std::vector<Group> groups = groups_of(document);
  table.add_left("backend");
  for (const Group& group : groups) table.add_column(group.name);
  const auto key = [&](const ReportCase& row) {
    return fmt::format("{:2} {} {:8} {} {:20} {:20}", place_of_dtype(row.dtype), row.dtype,
                       document.suite.place_of_backend(row.backend), row.backend, row.threads, row.ranks);
  };
  for (const auto& [name, rows] : by_name(document.cases, key)) {
    if (std::ranges::none_of(rows, [](const ReportCase* row) { return row->unavailable.empty(); })) continue;
    std::vector<Cell> cells = {case_label(*rows.front())};
    for (const Group& group : groups) {
      const auto of_group = [&](const ReportCase* row) {
        return row >= group.cases.data() && row < group.cases.data() + group.cases.size();
      };
      const auto row = std::ranges::find_if(rows, of_group);
      cells.push_back(row == rows.end() ? Cell() : parity_with_tolerance(**row));
    }
    table.add_row(std::move(cells));
  }
  return table;
}

Table seeds_table(const Group& group) {
  Table table;
  for (const ReportCase& row : group.cases) {
    if (!row.over_seeds) continue;
    if (table.columns().empty()) {
      table.add_left("backend");
      for (const double seed : row.over_seeds->seeds) table.add_column("seed " + count_text(seed));
    }
    std::vector<Cell> cells = {case_label(row)};
    for (const double value : row.over_seeds->quality()) {
      if (cells.size() == table.columns().size()) break;
      cells.emplace_back(row.over_seeds->accuracy.empty() ? error_text(value) : percent_text(value, 2),
                         value);
    }
    table.add_row(std::move(cells));
  }
  return table;
}

Table confusion_table(const ReportCase& row) {
  static constexpr std::string_view kHeat[] = {"heat0", "heat1", "heat2", "heat3", "heat4", "heat5"};
  const auto& matrix = row.record().confusion_matrix;
  const auto& names = row.record().class_names;
  Table table;
  const auto name = [&](std::size_t k) { return k < names.size() ? names[k] : std::to_string(k); };
  table.add_left("true class");
  for (std::size_t k = 0; k < matrix.size(); ++k) table.add_column(name(k));
  for (std::size_t k = 0; k < matrix.size(); ++k) {
    const double sum = std::accumulate(matrix[k].begin(), matrix[k].end(), 0.0);
    std::vector<Cell> cells = {name(k)};
    for (std::size_t j = 0; j < std::min(matrix.size(), matrix[k].size()); ++j) {
      const double count = matrix[k][j];
      const double heat = count > 0.0 ? 1.0 + 5.0 * std::clamp(count / sum, 0.0, 0.999) : 0.0;
      cells.emplace_back(count_text(count), count, kHeat[static_cast<std::size_t>(heat)]);
    }
    table.add_row(std::move(cells));
  }
  return table;
}

}  // namespace mlpbench
