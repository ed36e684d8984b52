#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/report/leaders.h"
#include "bench/report/order.h"
#include "bench/report/tables.h"
#include "bench/report/words.h"

namespace mlpbench {
namespace {

/// "14.2 (31 %)" GFLOP/s and the part of what the instruction set can do.
Grid::Cell flops_cell(const ReportCase& row) {
  const double flops = row.flops();
  if (!std::isfinite(flops)) return {kNotKnown};
  std::string text = number_text(flops * 1e-9);
  if (std::isfinite(row.peak_flops))
    text +=
        fmt::format(" ({})", percent_text(flops / row.peak_flops, flops < 0.095 * row.peak_flops ? 1 : 0));
  return {text, flops};
}

Grid::Cell speed_cell(const ReportCase& row, const Group& group) {
  if (row.speed) return {ratio_text(row.speed->ratio, row.speed->interval), row.speed->ratio};
  if (group.base(row.dtype) == &row) return {"1x (the base)", 1.0};
  return {kNotKnown};
}

Grid::Cell separation_cell(const ReportCase& row) {
  if (!row.speed) return {""};
  if (!row.speed->interval) return {"too few rounds"};
  const std::string& word = row.speed->that_is;
  return {word, row.speed->ratio, word == "faster" ? "good" : word == "slower" ? "bad" : "loose"};
}

/// How far from its reference, which is named where it is not `with`.
Grid::Cell parity_cell(const ReportCase& row, const std::string& with) {
  const ParityFact& parity = row.parity;
  if (std::isnan(parity.largest))
    return {"none: " + (parity.why_none.empty() ? "not stated" : parity.why_none)};
  const bool right = parity.largest <= parity.tolerance;
  return {exponent_text(parity.largest) + (with == parity.with ? "" : " from " + parity.with), parity.largest,
          right || std::isnan(parity.tolerance) ? "good" : "bad"};
}

Grid::Cell quality_cell(const ReportCase& row) {
  const std::vector<double>* values = row.over_seeds ? &row.over_seeds->quality() : nullptr;
  const double one = std::isnan(row.accuracy) ? row.mse : row.accuracy;
  return {quality_cell_text(row), values != nullptr ? range_over(*values).median : one};
}

/// From the time of an epoch to the noise.
void add_time_cells(const ReportCase& row, const Group& group, std::vector<Grid::Cell>& cells) {
  cells.emplace_back(seconds_interval_text(row.median, row.interval), row.median);
  cells.emplace_back(quantity_text(row.samples_per_second()), row.samples_per_second());
  cells.push_back(flops_cell(row));
  cells.push_back(speed_cell(row, group));
  cells.push_back(separation_cell(row));
  cells.emplace_back(percent_text(row.noise_floor, 1), row.noise_floor);
}

/// What all cases of the group were held against, or empty.
std::string common_reference(const Group& group) {
  std::string with;
  for (const ReportCase& row : group.cases) {
    if (std::isnan(row.parity.largest)) continue;
    if (with.empty()) with = row.parity.with;
    if (with != row.parity.with) return "";
  }
  return with;
}

bool has_threads(const Group& group) {
  return std::any_of(group.cases.begin(), group.cases.end(),
                     [](const ReportCase& row) { return row.threads > 1; });
}

/// Cases that could not run for one reason, in one line for all their dtypes and numbers of threads.
void add_unavailable(const Group& group, Grid& grid) {
  std::map<std::tuple<std::size_t, std::string, std::string>, std::vector<std::string>> dtypes;
  for (const ReportCase& row : group.cases) {
    if (row.unavailable.empty()) continue;
    std::vector<std::string>& all = dtypes[{place_of_backend(row.backend), row.backend, row.unavailable}];
    if (std::find(all.begin(), all.end(), row.dtype) == all.end()) all.push_back(row.dtype);
  }
  for (const auto& [key, all] : dtypes) {
    const auto& [place, backend, why] = key;
    grid.add_row({backend}, fmt::format("unavailable in {}: {}", fmt::join(all, ", "), why));
  }
}

const ReportCase* worst_parity(const Group& group) {
  const ReportCase* worst = nullptr;
  for (const ReportCase& row : group.cases) {
    if (std::isnan(row.parity.largest)) continue;
    const auto part = [](const ReportCase& c) { return c.parity.largest / c.parity.tolerance; };
    if (worst == nullptr || part(row) > part(*worst)) worst = &row;
  }
  return worst;
}

std::string case_label(const ReportCase& row) {
  return row.backend + " " + row.dtype + (row.threads > 1 ? fmt::format(", {} threads", row.threads) : "");
}

/// ", not separated from naive", or nothing of a group that has a fastest backend.
std::string separation_text(const Group& group, const std::vector<Leader>& leaders) {
  for (const Leader& leader : leaders) {
    if (leader.group == &group && !leader.fastest())
      return ", not separated from " + names_text(leader.not_separated_from);
  }
  return "";
}

}  // namespace

Grid summary_grid(const Document& document) {
  Grid grid;
  grid.add_left("experiment");
  grid.add_left("network, data");
  grid.add_left("fastest");
  for (const char* title :
       {"time/epoch", "naive, 1 thread", "against naive", "accuracy or MSE", "largest difference"})
    grid.add_column(title);
  const std::vector<Group> groups = groups_of(document);
  const std::vector<Leader> leaders = leaders_of(groups, document);
  for (const Group& group : groups) {
    const ReportCase& typical = group.typical();
    std::vector<Grid::Cell> cells = {group.name};
    cells.emplace_back(typical.layers.empty() ? std::string(kNotKnown)
                                              : fmt::format("{}, {} samples", fmt::join(typical.layers, "-"),
                                                            count_text(typical.training_rows)));
    const ReportCase* fastest = group.fastest();
    if (fastest == nullptr) {
      const bool wrong = std::any_of(group.cases.begin(), group.cases.end(),
                                     [](const ReportCase& row) { return !row.wrong.empty(); });
      grid.add_row(std::move(cells), wrong ? "WRONG, not timed" : "nothing timed");
      continue;
    }
    const ReportCase* naive = group.base(fastest->dtype);
    const ReportCase* worst = worst_parity(group);
    cells.emplace_back(case_label(*fastest) + separation_text(group, leaders));
    cells.emplace_back(seconds_text(fastest->median), fastest->median);
    cells.emplace_back(naive == nullptr ? kNotKnown : seconds_text(naive->median),
                       naive == nullptr ? NAN : naive->median);
    cells.push_back(speed_cell(*fastest, group));
    cells.push_back(quality_cell(*fastest));
    cells.emplace_back(worst == nullptr ? kNotKnown
                                        : fmt::format("{} of {}", exponent_text(worst->parity.largest),
                                                      exponent_text(worst->parity.tolerance)),
                       worst == nullptr ? NAN : worst->parity.largest);
    grid.add_row(std::move(cells));
  }
  return grid;
}

Grid backend_grid(const Group& group, Width width) {
  Grid grid;
  const bool full = width == Width::full, threads = full || has_threads(group);
  for (const char* title : {"backend", "dtype"}) grid.add_left(title);
  if (full) grid.add_left("ISA executed");
  if (threads) grid.add_column("threads");
  grid.add_column(group.quality_title());
  const std::string with = common_reference(group);
  grid.add_column(with.empty() ? "parity" : "from " + with);
  for (const char* title : {"time/epoch [interval]", "samples/s"}) grid.add_column(title);
  grid.add_column("GFLOP/s (of peak)");
  grid.add_column(full ? "against naive, 1 thread" : "against naive");
  grid.add_left("that is");
  grid.add_column("noise");
  for (const ReportCase& row : group.cases) {
    if (!row.unavailable.empty()) continue;
    std::vector<Grid::Cell> cells = {row.backend, row.dtype};
    if (full) cells.emplace_back(row.isa);
    if (!row.wrong.empty()) {
      grid.add_row(std::move(cells), "WRONG, not timed: " + row.wrong);
      continue;
    }
    if (threads) cells.emplace_back(std::to_string(row.threads), static_cast<double>(row.threads));
    cells.push_back(quality_cell(row));
    cells.push_back(parity_cell(row, with));
    if (row.timed()) {
      add_time_cells(row, group, cells);
      grid.add_row(std::move(cells));
    } else {
      grid.add_row(std::move(cells), "not timed" + (row.stopped.empty() ? "" : ": " + row.stopped));
    }
  }
  add_unavailable(group, grid);
  return grid;
}

Grid details_grid(const Document& document) {
  Grid grid;
  grid.add_left("case");
  for (const char* title : {"rounds", "lowest", "median", "95th percentile", "highest", "p (Holm)"})
    grid.add_column(title);
  grid.add_left("stopped");
  for (const ReportCase& row : document.cases) {
    if (!row.timed()) continue;
    const double p = row.speed ? row.speed->p_value_holm : NAN;
    grid.add_row({row.name,
                  {std::to_string(row.epoch_seconds.size()), static_cast<double>(row.epoch_seconds.size())},
                  {seconds_text(row.lowest), row.lowest},
                  {seconds_text(row.median), row.median},
                  {seconds_text(row.p95), row.p95},
                  {seconds_text(row.highest), row.highest},
                  {row.speed ? number_text(p) : "", p},
                  row.stopped});
  }
  return grid;
}

Grid parity_grid(const Document& document) {
  Grid grid;
  const std::vector<Group> groups = groups_of(document);
  std::map<std::tuple<std::size_t, std::string, std::size_t, std::string, std::size_t>,
           std::vector<Grid::Cell>>
      rows;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const ReportCase& row : groups[g].cases) {
      std::vector<Grid::Cell>& cells = rows[{place_of_dtype(row.dtype), row.dtype,
                                             place_of_backend(row.backend), row.backend, row.threads}];
      cells.resize(groups.size());
      Grid::Cell& cell = cells[g];
      if (!row.unavailable.empty()) {
        cell = {"could not run"};
      } else if (!row.wrong.empty()) {
        cell = {"WRONG", NAN, "bad"};
      } else if (std::isnan(row.parity.largest)) {
        cell = {"no reference"};
      } else {
        cell = {fmt::format("{} of {:.0e}", exponent_text(row.parity.largest), row.parity.tolerance),
                row.parity.largest, row.parity.largest <= row.parity.tolerance ? "good" : "bad"};
      }
    }
  }
  if (rows.empty()) return grid;
  grid.add_left("backend");
  for (const Group& group : groups) grid.add_column(group.name);
  for (auto& [key, cells] : rows) {
    const auto& [dtype_place, dtype, backend_place, backend, threads] = key;
    cells.insert(cells.begin(),
                 {backend + " " + dtype + (threads > 1 ? fmt::format(", {} threads", threads) : "")});
    grid.add_row(std::move(cells));
  }
  return grid;
}

Grid seeds_grid(const Group& group) {
  Grid grid;
  for (const ReportCase& row : group.cases) {
    if (!row.over_seeds) continue;
    if (grid.columns().empty()) {
      grid.add_left("backend");
      for (const double seed : row.over_seeds->seeds) grid.add_column("seed " + count_text(seed));
    }
    std::vector<Grid::Cell> cells = {case_label(row)};
    for (const double value : row.over_seeds->quality()) {
      if (cells.size() == grid.columns().size()) break;
      cells.emplace_back(row.over_seeds->accuracy.empty() ? errors_text({value}) : percent_text(value, 2),
                         value);
    }
    grid.add_row(std::move(cells));
  }
  return grid;
}

Grid confusion_grid(const ReportCase& row) {
  Grid grid;
  const std::size_t classes = row.confusion.size();
  const auto name = [&](std::size_t k) {
    return k < row.class_names.size() ? row.class_names[k] : std::to_string(k);
  };
  grid.add_left("true class");
  for (std::size_t k = 0; k < classes; ++k) grid.add_column(name(k));
  for (std::size_t k = 0; k < classes; ++k) {
    double sum = 0.0;
    for (const double count : row.confusion[k]) sum += count;
    std::vector<Grid::Cell> cells = {name(k)};
    for (std::size_t j = 0; j < std::min(classes, row.confusion[k].size()); ++j) {
      static constexpr std::string_view kHeat[] = {"heat0", "heat1", "heat2", "heat3", "heat4", "heat5"};
      const double count = row.confusion[k][j], part = sum > 0.0 ? count / sum : 0.0;
      const std::size_t heat =
          count > 0.0 ? 1 + static_cast<std::size_t>(std::clamp(part, 0.0, 0.999) * 5.0) : 0;
      cells.emplace_back(count_text(count), count, kHeat[heat]);
    }
    grid.add_row(std::move(cells));
  }
  return grid;
}

}  // namespace mlpbench
