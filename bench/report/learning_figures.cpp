#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/report/facts.h"
#include "bench/report/figures.h"
#include "bench/stats/order.h"

// What training learned: losses, targets, planes.

namespace mlpbench {
namespace {

using Kind = Series::Kind;

constexpr int kMarkers[] = {7, 5, 9, 13, 11, 15};

/// The trainers of a section in the suite's order. Each has its look on the whole page; a form of a trainer
/// ("hogwild-strict") has its hollow marker.
template <typename Entry>
std::vector<Figure::Mark> trainers_of(const std::vector<Entry>& list, const SuiteFacts& suite) {
  std::vector<Figure::Mark> legend;
  std::size_t forms = 0;
  for (const std::string& trainer : names_by(list, &Entry::trainer, suite.trainer_order())) {
    std::size_t place = suite.place_of_trainer(trainer) % std::size(kMarkers);
    const Ink ink = fmt::format("t{}", place + 1);
    const bool form = std::ranges::find(suite.trainers, trainer) == suite.trainers.end();
    if (form) place = (place + forms++) % std::size(kMarkers);
    legend.push_back({trainer, {ink, kMarkers[place] - (form ? 1 : 0)}});
  }
  return legend;
}

std::vector<Figure::Mark> optimisers_of(const std::vector<CurveFact>& curves) {
  std::vector<Figure::Mark> legend;
  for (const std::string& optimiser : names_by(curves, &CurveFact::trainer)) {
    const std::size_t place = legend.size();
    legend.push_back({optimiser, {fmt::format("o{}", place % 8 + 1), kMarkers[place % std::size(kMarkers)]}});
  }
  return legend;
}

Look look_in(const std::vector<Figure::Mark>& legend, const std::string& name) {
  return std::ranges::find(legend, name, &Figure::Mark::text)->look;
}

/// The loss over the seeds at each epoch: {x, 10 %, 90 %, median}.
Series band_of(const CurveFact& curve, double scale, Look look) {
  Series band{Kind::band, {}, look, 1.0, curve.trainer};
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
  Series marks{Kind::points, {}, line.look, 0.7, line.of, line.of};
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
  Panel panel{title, 380, 260, x, y};
  panel.series = bands;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    Series line{Kind::line, {}, {bands[i].look.ink}, 1.8, bands[i].of};
    for (const auto& row : bands[i].rows) line.rows.push_back({row[0], row[3]});
    Series marks = marks_of({Kind::points, line.rows, bands[i].look, 1.0, line.of}, i, x);
    panel.series.push_back(std::move(line));
    panel.series.push_back(std::move(marks));
  }
  figure.panels.push_back(std::move(panel));
}

void add_target(const TargetFact& target, Look look, Panel& panel) {
  const std::string& name = target.trainer;
  Series steps{Kind::steps, {{panel.x.low, 0.0}}, look, 1.8, name},
      marks{Kind::points, {}, look, 0.6, name, name};
  const std::vector<double> times = times_to_target(target);
  for (std::size_t i = 0; i < times.size() && std::isfinite(times[i]); ++i) {
    marks.rows.push_back({times[i], static_cast<double>(i + 1) / static_cast<double>(times.size())});
    steps.rows.push_back(marks.rows.back());
  }
  steps.rows.push_back({panel.x.high, steps.rows.back()[1]});
  panel.series.push_back(std::move(steps));
  if (!marks.rows.empty()) panel.series.push_back(std::move(marks));
}

constexpr std::size_t kLeastSamples = 10, kMostSamplesOfAClass = 150;
const Look kZero{"class0", 7}, kOne{"class1", 9};

bool is_map(const BoundaryFact& plane, const std::vector<double>& values) {
  const auto finite = [](double value) { return std::isfinite(value); };
  return plane.grid >= 2 && !values.empty() && std::ranges::all_of(values, finite);
}

Panel map_panel(const BoundaryFact& plane, std::string title, ColorMap map) {
  const double width = plane.x[1] - plane.x[0], height = plane.y[1] - plane.y[0];
  Panel panel{std::move(title), 280, 0, {"", plane.x[0], plane.x[1]}, {"", plane.y[0], plane.y[1]},
              {40, 8, 8, 28}};
  panel.height = static_cast<int>(panel.plot_width() * std::clamp(height / width, 0.4, 1.3)) +
                 panel.margins.top + panel.margins.bottom;
  panel.map = std::move(map);
  return panel;
}

/// With the samples; the page gives them a rim that shows on every shade.
Panel probability_panel(const BoundaryFact& plane, std::string title, const std::vector<double>& values) {
  Panel panel = map_panel(plane, std::move(title), {values, plane.grid, 0.0, 1.0, "p", 0.5});
  for (const bool one : {false, true}) {
    Series points{Kind::points, {}, one ? kOne : kZero, one ? 0.5 : 0.44, "", one ? "class 1" : "class 0"};
    for (const auto& [x, y, label] : plane.test) {
      if ((label > 0.5) == one && points.rows.size() < kMostSamplesOfAClass) points.rows.push_back({x, y});
    }
    panel.series.push_back(std::move(points));
  }
  return panel;
}

/// The difference by its logarithm, and the sentence that says so.
std::string add_difference(const BoundaryFact& plane, Figure& figure) {
  const std::vector<double>& all = plane.difference;
  const double highest = is_map(plane, all) ? *std::ranges::max_element(all) : 0.0;
  if (highest <= 0.0) return "They are the same in every bit.";
  double lowest = highest / 10.0;
  for (const double value : all) {
    if (value > 0.0) lowest = std::min(lowest, value);
  }
  std::vector<double> logarithms = all;
  for (double& value : logarithms) value = std::log10(std::max(value, lowest));
  figure.panels.push_back(
      map_panel(plane, "difference", {logarithms, plane.grid, std::log10(lowest), std::log10(highest), "d"}));
  return fmt::format(
      "The difference is drawn by its logarithm, from {} or less (white) to {} (dark). It is too small for "
      "the scale of the probabilities.",
      exponent_text(lowest), exponent_text(highest));
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
      "The lower line at the same epoch learns more from an epoch. The lower line at the same second is the "
      "better choice.";
  return figure;
}

Figure optimiser_figure(const Document& document) {
  Figure figure;
  std::vector<CurveFact> curves;  // of each optimiser the batch that is the first at the target
  for (const auto& [experiment, rows] :
       by_name(document.optimisers, &OptimiserFact::experiment, document.suite.experiment_order())) {
    std::map<std::string, const OptimiserFact*> best;
    for (const OptimiserFact* row : rows) {
      const OptimiserFact*& found = best[row->optimiser];
      if (found == nullptr || row->seconds_to_target.median < found->seconds_to_target.median) found = row;
    }
    for (const auto& [optimiser, row] : best) curves.push_back(row->curve);
  }
  figure.legend = optimisers_of(curves);
  for (const auto& [experiment, of] :
       by_name(curves, &CurveFact::experiment, document.suite.experiment_order())) {
    if (figure.panels.size() + 2 > Figure::kMaxPanels) break;
    add_loss_panel(experiment + ", against epochs", of, false, figure);
    add_loss_panel(experiment + ", against seconds", of, true, figure);
  }
  figure.caption =
      "Loss on the held-out data at the chosen rate and, of the three batches, the one that reaches the "
      "target "
      "soonest. Line: the median over the seeds; band: from the 10 % to the 90 % percentile.";
  figure.how = "What is lower at the same second is the better choice.";
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
                380,
                240,
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
  return figure;
}

Figure boundary_figure(const BoundaryFact& plane) {
  Figure figure;
  const bool has_area = plane.x[1] > plane.x[0] && plane.y[1] > plane.y[0];
  if (!has_area || !is_map(plane, plane.naive)) return figure;
  if (plane.test.size() < kLeastSamples) return figure;
  figure.panels.push_back(probability_panel(plane, "naive", plane.naive));
  if (is_map(plane, plane.fastest.probabilities)) {
    figure.panels.push_back(probability_panel(plane, plane.fastest.backend, plane.fastest.probabilities));
  }
  const std::string scale = add_difference(plane, figure);
  figure.legend = {{"class 0", kZero, false}, {"class 1", kOne, false}};
  figure.caption = fmt::format(
      "The probability of class 1 on {} points of the plane, {}, from 0 (blue) over 0.5 (white) to 1 "
      "(orange). Both backends have the same scale. Line: 0.5. Marks: {} {} samples. {}",
      plane.grid * plane.grid, plane.dtype, std::min(plane.test.size(), 2 * kMostSamplesOfAClass),
      plane.train.empty() ? "training" : "held-out", scale);
  figure.how =
      "The first two must look alike: a fast backend that drew another line would have learned something "
      "else.";
  return figure;
}

}  // namespace mlpbench
