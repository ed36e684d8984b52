#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/figures.h"
#include "bench/report/words.h"

namespace mlpbench {
namespace {

constexpr std::size_t kLeastSamples = 10, kMostSamplesOfAClass = 400;
constexpr Look kZero{Ink::class0, 7}, kOne{Ink::class1, 9};

bool is_map(const BoundaryFact& plane, const std::vector<double>& values) {
  const auto finite = [](double value) { return std::isfinite(value); };
  return plane.grid >= 2 && !values.empty() && std::ranges::all_of(values, finite);
}

Panel panel_of(const BoundaryFact& plane, std::string title, const std::vector<double>& values,
               ColorMap map) {
  const double width = plane.x[1] - plane.x[0], height = plane.y[1] - plane.y[0];
  const double last = static_cast<double>(plane.grid - 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double column = static_cast<double>(i % plane.grid), line = static_cast<double>(i / plane.grid);
    map.rows.push_back({plane.x[0] + width * column / last, plane.y[0] + height * line / last, values[i]});
    if (i % plane.grid == plane.grid - 1) map.rows.emplace_back();
  }
  Panel panel{std::move(title), 330, 0, {"", plane.x[0], plane.x[1]}, {"", plane.y[0], plane.y[1]},
              {40, 8, 8, 28}};
  panel.height = static_cast<int>(panel.plot_width() * std::clamp(height / width, 0.4, 1.3)) +
                 panel.margins.top + panel.margins.bottom;
  panel.map = std::move(map);
  return panel;
}

/// With the samples; the page gives them a rim that shows on every shade.
Panel probability_panel(const BoundaryFact& plane, std::string title, const std::vector<double>& values) {
  Panel panel = panel_of(plane, std::move(title), values,
                         {{}, 0.0, 1.0, "0 '#8fc1e3', 0.5 '#f7f7f5', 1 '#f6b28e'", 0.5});
  for (const bool one : {false, true}) {
    Series points{Series::Kind::points, {}, one ? kOne : kZero, one ? 0.5 : 0.44};
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
  figure.panels.push_back(panel_of(plane, "difference", logarithms,
                                   {{},
                                    std::log10(lowest),
                                    std::log10(highest),
                                    "0 '#fdfdfb', 0.33 '#cfc3dd', 0.67 '#8f77b5', 1 '#40256b'"}));
  return fmt::format(
      "The difference is drawn by its logarithm, from {} or less (white) to {} (dark): on the scale of the "
      "probabilities it could not be seen.",
      exponent_text(lowest), exponent_text(highest));
}

}  // namespace

Figure boundary_figure(const BoundaryFact& plane) {
  Figure figure;
  figure.instead = "The results have no grid of probabilities for this plane.";
  const bool has_area = plane.x[1] > plane.x[0] && plane.y[1] > plane.y[0];
  if (!has_area || !is_map(plane, plane.naive)) return figure;
  if (plane.test.size() < kLeastSamples) {
    figure.instead = fmt::format("Not drawn: there are {} samples in this plane.", plane.test.size());
    return figure;
  }
  figure.panels.push_back(probability_panel(plane, "naive", plane.naive));
  if (is_map(plane, plane.fastest.probabilities)) {
    figure.panels.push_back(probability_panel(plane, plane.fastest.backend, plane.fastest.probabilities));
  }
  const std::string scale = add_difference(plane, figure);
  figure.legend = {{"class 0", kZero}, {"class 1", kOne}};
  figure.caption = fmt::format(
      "The probability of class 1 on {} points of the plane, {}, from 0 (blue) over 0.5 (white) to 1 "
      "(orange), the same scale for both backends; line: 0.5; marks: {} {} samples. {}",
      plane.grid * plane.grid, plane.dtype, std::min(plane.test.size(), 2 * kMostSamplesOfAClass),
      plane.train.empty() ? "training" : "held-out", scale);
  figure.how =
      "The first two must look alike: a fast backend that drew another line would have learned something "
      "else.";
  return figure;
}

}  // namespace mlpbench
