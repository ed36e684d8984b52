#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/facts.h"
#include "bench/report/figures.h"
#include "bench/report/words.h"
#include "bench/stats/order.h"

namespace mlpbench {
namespace {

using Kind = Series::Kind;

constexpr int kWidth = 460;

/// The trainers of a section in the suite's order, each with the same look in all of its panels.
template <typename Entry>
std::vector<Figure::Mark> trainers_of(const std::vector<Entry>& list, const SuiteFacts& suite) {
  std::vector<Figure::Mark> legend;
  for (const std::string& trainer : names_by(list, &Entry::trainer, suite.trainer_order())) {
    legend.push_back({trainer, look_of(legend.size())});
  }
  return legend;
}

Look look_in(const std::vector<Figure::Mark>& legend, const std::string& name) {
  return std::ranges::find(legend, name, &Figure::Mark::text)->look;
}

/// "float32", "float64 and float32"
template <typename Entry>
std::string dtypes_text(const std::vector<Entry>& list) {
  return names_text(names_by(list, &Entry::dtype, place_of_dtype));
}

/// The loss over the seeds at each epoch: {x, 10 %, 90 %, median}.
Series band_of(const CurveFact& curve, double scale, Look look) {
  Series band{Kind::band, {}, look};
  for (std::size_t i = 0; i < curve.epoch.size(); ++i) {
    std::vector<double> losses;
    for (const std::vector<double>& loss : curve.loss) {
      if (std::isfinite(loss[i])) losses.push_back(loss[i]);
    }
    if (losses.empty()) continue;
    band.rows.push_back(
        {curve.epoch[i] * scale, percentile(losses, 10), percentile(losses, 90), median(losses)});
  }
  return band;
}

/// Some marks on the line `i`, at other places on each line, for readers who do not see its colour.
Series marks_of(const Series& line, std::size_t i, const Axis& x) {
  Series marks{Kind::points, {}, line.look, 0.7};
  const double step = std::log(x.high / x.low) / 6.0;
  double next = std::log(x.low) + step * (0.4 + static_cast<double>(i % 5) / 5.0);
  for (const std::vector<double>& row : line.rows) {
    if (std::log(row[0]) < next) continue;
    marks.rows.push_back(row);
    next = std::log(row[0]) + step;
  }
  return marks;
}

void add_loss_panel(const std::string& title, const std::vector<const CurveFact*>& curves, bool seconds,
                    Figure& figure) {
  std::vector<Series> bands;
  bool positive = true;
  for (const CurveFact* curve : curves) {
    const double scale = seconds ? range_over(curve->seconds_per_epoch).median : 1.0;
    bands.push_back(band_of(*curve, scale, look_in(figure.legend, curve->trainer)));
    for (const auto& row : bands.back().rows) positive = positive && row[1] > 0.0;
  }
  Axis x = seconds ? Axis::of("seconds of training", true, short_seconds_text)
                   : Axis::of("epochs", true, short_quantity_text);
  Axis y = Axis::of("loss", positive, number_text);
  for (const Series& band : bands) {
    for (const auto& row : band.rows) {
      x.include(row[0]);
      y.include(row[1]);
      y.include(row[2]);
    }
  }
  if (x.empty() || y.empty()) return;
  x.pad(0.02);
  y.pad(0.05);
  Panel panel{title, kWidth, 300, x, y};
  panel.series = bands;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    Series line{Kind::line, {}, {bands[i].look.ink}, 1.8};
    for (const auto& row : bands[i].rows) line.rows.push_back({row[0], row[3]});
    Series marks = marks_of({Kind::points, line.rows, bands[i].look}, i, x);
    panel.series.push_back(std::move(line));
    panel.series.push_back(std::move(marks));
  }
  figure.panels.push_back(std::move(panel));
}

void add_target(const TargetFact& target, Look look, Panel& panel) {
  Series steps{Kind::steps, {{panel.x.low, 0.0}}, look, 1.8}, marks{Kind::points, {}, look, 0.6};
  const std::vector<double> times = times_to_target(target);
  for (std::size_t i = 0; i < times.size() && std::isfinite(times[i]); ++i) {
    marks.rows.push_back({times[i], static_cast<double>(i + 1) / static_cast<double>(times.size())});
    steps.rows.push_back(marks.rows.back());
  }
  steps.rows.push_back({panel.x.high, steps.rows.back()[1]});
  panel.series.push_back(std::move(steps));
  if (!marks.rows.empty()) panel.series.push_back(std::move(marks));
}

/// A panel of a case: the ideal, what the probes gain, each backend. Whether there was more than one thread.
bool add_scaling_panel(const std::string& name, const std::vector<const ScalingFact*>& rows,
                       const SuiteFacts& suite, Figure& figure) {
  double most = 1.0, highest = 1.0;
  for (const ScalingFact* row : rows) {
    most = std::max(most, static_cast<double>(row->threads));
    highest = std::fmax(std::fmax(highest, row->speedup.highest), row->fma_ceiling.median);
  }
  if (most < 2.0 || figure.full()) return false;
  Panel panel{name,
              320,
              250,
              {"threads", 0.8, most + 0.2, false, nullptr, 1.0},
              {"speed-up", 0.0, std::max(most, highest) * 1.06}};
  panel.series.push_back({Kind::line, {{1.0, 1.0}, {most, most}}, {Ink::muted, 2}, 1.5});
  const auto add = [&](const std::vector<const ScalingFact*>& points, RangeOfRounds ScalingFact::*gain,
                       Series marks, double width, int dashes) {
    for (const ScalingFact* point : points) {
      const Range& range = point->*gain;
      marks.rows.push_back({static_cast<double>(point->threads), range.median, range.lowest, range.highest});
    }
    panel.series.push_back({Kind::line, marks.rows, {marks.look.ink, dashes}, width});
    panel.series.push_back(std::move(marks));
  };
  const auto backends = by_name(rows, &ScalingFact::backend, suite.backend_order());
  add(backends.front().second, &ScalingFact::fma_ceiling, {Kind::points, {}, {Ink::text, 1}, 0.6}, 1.5, 1);
  add(backends.front().second, &ScalingFact::memory_ceiling, {Kind::points, {}, {Ink::text, 2}, 0.6}, 1.5, 3);
  for (const auto& [backend, points] : backends) {
    add(points, &ScalingFact::speedup, {Kind::bars, {}, look_of_backend(suite, backend), 0.8}, 1.8, 1);
  }
  figure.panels.push_back(std::move(panel));
  return true;
}

}  // namespace

Figure loss_figure(const Document& document) {
  Figure figure;
  figure.legend = trainers_of(document.curves, document.suite);
  std::size_t seeds = 0;
  for (const auto& [experiment, curves] :
       by_name(document.curves, &CurveFact::experiment, document.suite.experiment_order())) {
    for (const CurveFact* curve : curves) seeds = std::max(seeds, curve->seeds.size());
    if (figure.panels.size() + 2 > Figure::kMaxPanels) break;
    add_loss_panel(experiment + ", against epochs", curves, false, figure);
    add_loss_panel(experiment + ", against seconds", curves, true, figure);
  }
  figure.caption = fmt::format(
      "Training loss in {}. Line: the median over up to {} seeds; band: from the 10 % to the 90 % percentile "
      "of the seeds. Seconds are epochs times the median time of an epoch, without evaluations.",
      dtypes_text(document.curves), seeds);
  figure.how =
      "What is lower at the same epoch learns more from an epoch; what is lower at the same second is the "
      "better choice.";
  figure.instead = "The results have no loss curves.";
  return figure;
}

Figure target_figure(const Document& document) {
  Figure figure;
  figure.legend = trainers_of(document.time_to_accuracy, document.suite);
  std::size_t seeds = 0;
  for (const auto& [experiment, rows] :
       by_name(document.time_to_accuracy, &TargetFact::experiment, document.suite.experiment_order())) {
    Axis x = Axis::of("seconds to the target", true, short_seconds_text);
    for (const TargetFact* row : rows) {
      for (const double seconds : times_to_target(*row)) x.include(seconds);
      seeds = std::max(seeds, row->seeds);
    }
    if (x.empty() || figure.full()) continue;
    x.pad(0.05);
    Panel panel{fmt::format("{}: {} accuracy", experiment, percent_text(rows.front()->target_accuracy, 0)),
                kWidth,
                260,
                x,
                {"seeds that reached it", 0.0, 1.04, false, percent_with<0>},
                {74, 22, 12, 46}};
    for (const TargetFact* row : rows) add_target(*row, look_in(figure.legend, row->trainer), panel);
    figure.panels.push_back(std::move(panel));
  }
  figure.caption = fmt::format(
      "Trained in {}: part of up to {} seeds that had reached the target accuracy by a time (empirical "
      "distribution, evaluations off the clock). A line that ends below 100 % has seeds that never reached "
      "it.",
      dtypes_text(document.time_to_accuracy), seeds);
  figure.how = "Further left is sooner, higher is surer.";
  figure.instead = "No run reached a target, or none was asked for.";
  return figure;
}

Figure scaling_figure(const Document& document) {
  Figure figure;
  std::vector<const ScalingFact*> drawn;
  std::size_t rounds = 0;
  for (const ScalingFact& row : document.scaling) {
    if (!row.wrong.empty() || !row.obeys_threshold || !row.speedup.known()) continue;
    drawn.push_back(&row);
    rounds = std::max(rounds, row.speedup.values.size());
  }
  std::vector<const ScalingFact*> in_panels;
  for (const auto& [name, rows] : by_name(drawn, &ScalingFact::name)) {
    if (add_scaling_panel(name, rows, document.suite, figure))
      in_panels.insert(in_panels.end(), rows.begin(), rows.end());
  }
  figure.legend = backend_legend(in_panels, document.suite);
  figure.legend.push_back({"ideal", {Ink::muted, Figure::kDashes}});
  figure.legend.push_back({"what multiply-adds gain", {Ink::text, 1}});
  figure.legend.push_back({"what reading memory gains", {Ink::text, 2}});
  figure.caption = fmt::format(
      "Speed-up over one thread of the same round, in {}: median over up to {} rounds, bars from the lowest "
      "to the highest. The ceilings are what the probes of this machine gain on as many threads, beside each "
      "visit.",
      dtypes_text(document.scaling), rounds);
  figure.how =
      "A line below the ceilings loses to forks, waiting or uneven work; the ceilings themselves are what "
      "the machine has.";
  figure.instead = "Nothing was measured on several threads.";
  return figure;
}

}  // namespace mlpbench
