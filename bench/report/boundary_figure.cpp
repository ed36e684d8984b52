#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/figures.h"
#include "bench/report/words.h"

namespace mlpbench {
namespace {

constexpr int kWidth = 330;
constexpr std::size_t kLeastSamples = 10;

/// The map as a data block of the grid: a line each, a blank line after each row of it.
std::vector<std::vector<double>> grid_rows(const BoundaryFact& plane, const std::vector<double>& values) {
  std::vector<std::vector<double>> rows;
  const double last = static_cast<double>(std::max<std::size_t>(plane.grid, 2) - 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double column = static_cast<double>(i % plane.grid), line = static_cast<double>(i / plane.grid);
    rows.push_back({plane.x_low + (plane.x_high - plane.x_low) * column / last,
                    plane.y_low + (plane.y_high - plane.y_low) * line / last, values[i]});
    if (i % plane.grid == plane.grid - 1) rows.emplace_back();
  }
  return rows;
}

Panel empty_panel(const BoundaryFact& plane) {
  const double aspect = std::clamp((plane.y_high - plane.y_low) / (plane.x_high - plane.x_low), 0.4, 1.3);
  const Panel::Margins margins{40, 8, 8, 28};
  const int height =
      static_cast<int>((kWidth - margins.left - margins.right) * aspect) + margins.top + margins.bottom;
  return Panel(kWidth, height, {"", plane.x_low, plane.x_high, false, nullptr, 0.0},
               {"", plane.y_low, plane.y_high, false, nullptr, 0.0}, margins);
}

/// The samples; the page gives them a rim that shows on every shade.
void add_samples(const BoundaryFact& plane, Panel& panel) {
  for (const bool one : {false, true}) {
    std::vector<std::vector<double>> points;
    for (const std::vector<double>& sample : plane.test) {
      if ((sample[2] > 0.5) == one && points.size() < 400) points.push_back({sample[0], sample[1]});
    }
    panel.points(points, one ? 9 : 7, one ? 0.5 : 0.44, one ? Ink::class1 : Ink::class0);
  }
}

std::string probability_drawing(const BoundaryFact& plane, const std::vector<double>& values) {
  Panel panel = empty_panel(plane);
  panel.data("grid", grid_rows(plane, values));
  panel.command("unset grid\nunset colorbox\nset cbrange [0:1]");
  panel.command("set palette defined (0 '#8fc1e3', 0.5 '#f7f7f5', 1 '#f6b28e')");
  panel.command("set contour base\nset cntrparam levels discrete 0.5\nunset surface\nset table $half");
  panel.command("splot $grid using 1:2:3\nunset table\nunset contour");
  panel.layer("$grid using 1:2:3 with image");
  panel.layer("$half using 1:2 with lines lw 2.2 " + colored(Ink::contour));
  add_samples(plane, panel);
  return panel.script();
}

std::string difference_drawing(const BoundaryFact& plane, double lowest, double highest) {
  std::vector<double> logarithms = plane.difference;
  for (double& value : logarithms) value = std::log10(std::max(value, lowest));
  Panel panel = empty_panel(plane);
  panel.data("grid", grid_rows(plane, logarithms));
  panel.command("unset grid\nunset colorbox");
  panel.command(fmt::format("set cbrange [{:.4f}:{:.4f}]", std::log10(lowest), std::log10(highest)));
  panel.command("set palette defined (0 '#fdfdfb', 0.33 '#cfc3dd', 0.67 '#8f77b5', 1 '#40256b')");
  panel.layer("$grid using 1:2:3 with image");
  return panel.script();
}

bool is_map(const BoundaryFact& plane, const std::vector<double>& values) {
  return plane.grid >= 2 && !values.empty() &&
         std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

}  // namespace

Figure boundary_figure(const BoundaryFact& plane) {
  Figure figure;
  figure.instead = "The results have no grid of probabilities for this plane.";
  const bool plane_is_one = plane.x_high > plane.x_low && plane.y_high > plane.y_low;
  if (!plane_is_one || !is_map(plane, plane.naive)) return figure;
  if (plane.test.size() < kLeastSamples) {
    figure.instead = fmt::format("Not drawn: there are {} samples in this plane.", plane.test.size());
    return figure;
  }
  figure.drawings.push_back({"naive", probability_drawing(plane, plane.naive)});
  if (is_map(plane, plane.fastest)) {
    figure.drawings.push_back({plane.fastest_backend, probability_drawing(plane, plane.fastest)});
  }
  std::string scale = "They are the same in every bit.";
  if (is_map(plane, plane.difference)) {
    double lowest = INFINITY, highest = 0.0;
    for (const double value : plane.difference) {
      if (value > 0.0) lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
    if (highest > 0.0) {
      lowest = std::min(lowest, highest / 10.0);
      figure.drawings.push_back({"difference", difference_drawing(plane, lowest, highest)});
      scale = fmt::format(
          "The difference is drawn by its logarithm, from {} or less (white) to {} (dark): on the scale of "
          "the probabilities it could not be seen.",
          exponent_text(lowest), exponent_text(highest));
    }
  }
  figure.legend = {{"class 0", 7, Ink::class0}, {"class 1", 9, Ink::class1}};
  figure.caption = fmt::format(
      "The probability of class 1 on {} points of the plane, {}, from 0 (blue) over 0.5 (white) to 1 "
      "(orange), the same scale for both backends; line: 0.5; marks: {} {} samples. {}",
      plane.grid * plane.grid, plane.dtype, std::min<std::size_t>(plane.test.size(), 800),
      plane.train.empty() ? "training" : "held-out", scale);
  figure.how =
      "The first two must look alike: a fast backend that drew another line would have learned something "
      "else.";
  return figure;
}

}  // namespace mlpbench
