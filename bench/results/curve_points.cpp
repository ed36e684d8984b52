#include "bench/results/curve_points.h"

#include <algorithm>
#include <cmath>

namespace mlpbench {

std::vector<std::size_t> curve_points(std::size_t epochs, std::size_t most) {
  std::vector<std::size_t> points;
  if (epochs == 0) return points;
  points.push_back(1);
  for (std::size_t left = std::min(epochs, most) - 1; left > 0; --left) {
    const double last = static_cast<double>(points.back());
    const double ratio = std::pow(static_cast<double>(epochs) / last, 1.0 / static_cast<double>(left));
    points.push_back(std::max(points.back() + 1, static_cast<std::size_t>(std::lround(last * ratio))));
  }
  return points;
}

}  // namespace mlpbench
