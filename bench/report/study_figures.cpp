#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/report/figures.h"
#include "bench/report/order.h"
#include "bench/report/tables.h"
#include "bench/report/words.h"
#include "bench/stats/order.h"

namespace mlpbench {
namespace {

constexpr int kWidth = 460, kHeight = 300;

/// The looks of all trainers of a section, the same in all of its drawings.
template <typename List>
std::map<std::string, Look> looks_of_trainers(const List& list) {
  std::map<std::pair<std::size_t, std::string>, int> places;
  for (const auto& entry : list) places[{place_of_trainer(entry.trainer), entry.trainer}] = 0;
  std::map<std::string, Look> looks;
  for (const auto& [key, unused] : places) looks.emplace(key.second, look_of(looks.size()));
  return looks;
}

template <typename List>
std::vector<Figure::Mark> trainer_legend(const List& list, const std::map<std::string, Look>& looks) {
  std::vector<Figure::Mark> legend;
  for (const auto& entry : list) {
    const Look look = looks.at(entry.trainer);
    const bool has = std::any_of(legend.begin(), legend.end(),
                                 [&](const auto& mark) { return mark.text == entry.trainer; });
    if (!has) legend.push_back({entry.trainer, look.type, look.ink});
  }
  return legend;
}

/// The entries of each experiment, in the suite's order.
template <typename Entry>
std::map<std::pair<std::size_t, std::string>, std::vector<const Entry*>> by_experiment(
    const std::vector<Entry>& list) {
  std::map<std::pair<std::size_t, std::string>, std::vector<const Entry*>> groups;
  for (const Entry& entry : list)
    groups[{place_of_experiment(entry.experiment), entry.experiment}].push_back(&entry);
  return groups;
}

/// "float32", "float64 and float32"
template <typename List>
std::string dtypes_text(const List& list) {
  std::map<std::pair<std::size_t, std::string>, int> dtypes;
  for (const auto& entry : list) dtypes[{place_of_dtype(entry.dtype), entry.dtype}] = 0;
  std::vector<std::string> names;
  for (const auto& [key, unused] : dtypes) names.push_back(key.second);
  return names_text(names);
}

std::string whole_percent(double part) { return percent_text(part, 0); }

/// Median and band over the seeds at each epoch: {x, 10 %, median, 90 %}.
std::vector<std::vector<double>> band_of(const CurveFact& curve, double scale) {
  std::vector<std::vector<double>> band;
  for (std::size_t i = 0; i < curve.epoch.size(); ++i) {
    std::vector<double> losses;
    for (const std::vector<double>& loss : curve.loss) {
      if (std::isfinite(loss[i])) losses.push_back(loss[i]);
    }
    if (losses.empty()) continue;
    band.push_back({curve.epoch[i] * scale, percentile(losses, 10), median(losses), percentile(losses, 90)});
  }
  return band;
}

std::string loss_drawing(const std::vector<const CurveFact*>& curves,
                         const std::map<std::string, Look>& looks, bool seconds) {
  std::vector<std::vector<std::vector<double>>> bands;
  bool positive = true;
  for (const CurveFact* curve : curves) {
    bands.push_back(band_of(*curve, seconds ? range_over(curve->seconds_per_epoch).median : 1.0));
    for (const auto& row : bands.back()) positive = positive && row[1] > 0.0;
  }
  Axis x = Axis::of(seconds ? "seconds of training" : "epochs", true,
                    seconds ? short_seconds_text : short_quantity_text);
  Axis y = Axis::of("loss", positive, number_text);
  for (const auto& band : bands) {
    for (const auto& row : band) {
      x.include(row[0]);
      y.include(row[1]);
      y.include(row[3]);
    }
  }
  if (x.empty() || y.empty()) return "";
  x.pad(0.02);
  y.pad(0.05);
  Panel panel(kWidth, kHeight, x, y);
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const Look look = looks.at(curves[i]->trainer);
    const std::string name = fmt::format("band{}", i);
    panel.data(name, bands[i]);
    panel.layer(
        fmt::format("${} using 1:2:4 with filledcurves fs transparent solid 0.22 noborder fc rgb '{}'", name,
                    stand_in(look.ink)));
  }
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const Look look = looks.at(curves[i]->trainer);
    std::vector<std::vector<double>> middle, marks;
    for (std::size_t k = 0; k < bands[i].size(); ++k) middle.push_back({bands[i][k][0], bands[i][k][2]});
    // Some marks on every line, at other places on each, for readers who do not see its colour.
    const double step = std::log(x.high / x.low) / 6.0;
    double next = std::log(x.low) + step * (0.4 + static_cast<double>(i % 5) / 5.0);
    for (const auto& row : middle) {
      if (std::log(row[0]) < next) continue;
      marks.push_back(row);
      next = std::log(row[0]) + step;
    }
    panel.lines(middle, 1.8, look.ink);
    panel.points(marks, look.type, 0.7, look.ink);
  }
  return panel.script();
}

}  // namespace

Figure loss_figure(const Document& document) {
  Figure figure;
  const auto looks = looks_of_trainers(document.curves);
  std::size_t seeds = 0;
  for (const auto& [key, curves] : by_experiment(document.curves)) {
    for (const CurveFact* curve : curves) seeds = std::max(seeds, curve->seeds.size());
    if (figure.drawings.size() + 2 > kMaxDrawings) break;
    for (const bool seconds : {false, true}) {
      std::string script = loss_drawing(curves, looks, seconds);
      if (script.empty()) continue;
      figure.drawings.push_back(
          {key.second + (seconds ? ", against seconds" : ", against epochs"), std::move(script)});
    }
  }
  figure.legend = trainer_legend(document.curves, looks);
  figure.caption = fmt::format(
      "Training loss in {}. Line: the median over up to {} seeds; band: from the 10 % to the 90 % percentile "
      "of "
      "the seeds. "
      "Seconds are epochs times the median time of an epoch, without evaluations.",
      dtypes_text(document.curves), seeds);
  figure.how =
      "What is lower at the same epoch learns more from an epoch; what is lower at the same second is the "
      "better choice.";
  if (figure.empty()) figure.instead = "The results have no loss curves.";
  return figure;
}

Figure target_figure(const Document& document) {
  Figure figure;
  const auto looks = looks_of_trainers(document.time_to_accuracy);
  std::size_t seeds = 0;
  for (const auto& [key, rows] : by_experiment(document.time_to_accuracy)) {
    Axis x = Axis::of("seconds to the target", true, short_seconds_text);
    for (const TargetFact* row : rows) {
      for (const double seconds : times_to_target(*row)) x.include(seconds);
      seeds = std::max(seeds, row->seeds);
    }
    if (x.empty() || figure.drawings.size() == kMaxDrawings) continue;
    x.pad(0.05);
    Panel panel(kWidth, 260, x, {"seeds that reached it", 0.0, 1.04, false, whole_percent}, {74, 22, 12, 46});
    int series = 0;
    for (const TargetFact* row : rows) {
      const Look look = looks.at(row->trainer);
      std::vector<std::vector<double>> steps = {{x.low, 0.0}}, marks;
      const std::vector<double> times = times_to_target(*row);
      for (std::size_t i = 0; i < times.size() && std::isfinite(times[i]); ++i) {
        marks.push_back({times[i], static_cast<double>(i + 1) / static_cast<double>(times.size())});
        steps.push_back(marks.back());
      }
      steps.push_back({x.high, steps.back()[1]});
      const std::string name = fmt::format("steps{}", series++);
      panel.data(name, steps);
      panel.layer(fmt::format("${} using 1:2 with steps lw 1.8 {}", name, colored(look.ink)));
      if (!marks.empty()) panel.points(marks, look.type, 0.6, look.ink);
    }
    figure.drawings.push_back(
        {fmt::format("{}: {} accuracy", key.second, percent_text(rows.front()->target_accuracy, 0)),
         panel.script()});
  }
  figure.legend = trainer_legend(document.time_to_accuracy, looks);
  figure.caption = fmt::format(
      "Trained in {}: part of up to {} seeds that had reached the target accuracy by a time (empirical "
      "distribution, evaluations off the clock). A line that ends below 100 % has seeds that "
      "never reached it.",
      dtypes_text(document.time_to_accuracy), seeds);
  figure.how = "Further left is sooner, higher is surer.";
  if (figure.empty()) figure.instead = "No run reached a target, or none was asked for.";
  return figure;
}

Figure scaling_figure(const Document& document) {
  Figure figure;
  std::map<std::string, std::vector<const ScalingFact*>> cases;
  for (const ScalingFact& row : document.scaling) {
    if (row.wrong.empty() && row.cut_over && row.speedup.known()) cases[row.name].push_back(&row);
  }
  std::vector<std::string> backends;
  std::size_t rounds = 0;
  for (const auto& [name, rows] : cases) {
    std::map<std::string, std::vector<const ScalingFact*>> lines;
    double most = 1.0, highest = 1.0;
    for (const ScalingFact* row : rows) {
      lines[row->backend].push_back(row);
      most = std::max(most, static_cast<double>(row->threads));
      highest =
          std::max({highest, row->speedup.highest, row->fma_ceiling.known() ? row->fma_ceiling.median : 0.0});
      rounds = std::max(rounds, row->speedup.values.size());
    }
    if (most < 2.0 || figure.drawings.size() == kMaxDrawings) continue;
    Panel panel(320, 250, {"threads", 0.8, most + 0.2, false, nullptr, 1.0},
                {"speed-up", 0.0, std::max(most, highest) * 1.06, false, nullptr, 0.0});
    panel.lines({{1.0, 1.0}, {most, most}}, 1.5, Ink::muted, 2);
    const ScalingFact* first = rows.front();
    std::vector<std::vector<double>> fma, memory;
    for (const ScalingFact* row : lines[first->backend]) {
      fma.push_back({static_cast<double>(row->threads), row->fma_ceiling.median});
      memory.push_back({static_cast<double>(row->threads), row->memory_ceiling.median});
    }
    panel.lines(fma, 1.5, Ink::text);
    panel.points(fma, 1, 0.6, Ink::text);
    panel.lines(memory, 1.5, Ink::text, 3);
    panel.points(memory, 2, 0.6, Ink::text);
    for (const auto& [backend, points] : lines) {
      const Look look = look_of_backend(backend);
      if (std::find(backends.begin(), backends.end(), backend) == backends.end()) backends.push_back(backend);
      std::vector<std::vector<double>> spread, middle;
      for (const ScalingFact* row : points) {
        const double threads = static_cast<double>(row->threads);
        middle.push_back({threads, row->speedup.median});
        spread.push_back({threads, row->speedup.median, row->speedup.lowest, row->speedup.highest});
      }
      panel.lines(middle, 1.8, look.ink);
      panel.bars(spread, look.type, 0.8, look.ink);
    }
    figure.drawings.push_back({name, panel.script()});
  }
  for (const std::string& backend : backends) {
    figure.legend.push_back({backend, look_of_backend(backend).type, look_of_backend(backend).ink});
  }
  figure.legend.push_back({"ideal", Figure::kDashes, Ink::muted});
  figure.legend.push_back({"what multiply-adds gain", 1, Ink::text});
  figure.legend.push_back({"what reading memory gains", 2, Ink::text});
  figure.caption = fmt::format(
      "Speed-up over one thread of the same round, in {}: median over up to {} rounds, bars from the lowest "
      "to the highest. The ceilings are what the probes of this machine gain on as many threads, "
      "beside each visit.",
      dtypes_text(document.scaling), rounds);
  figure.how =
      "A line below the ceilings loses to forks, waiting or uneven work; the ceilings themselves are what "
      "the machine has.";
  if (figure.empty()) figure.instead = "Nothing was measured on several threads.";
  return figure;
}

}  // namespace mlpbench
