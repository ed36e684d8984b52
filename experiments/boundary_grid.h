#pragma once

#include <cstddef>

#include "experiments/experiment.h"

namespace mlpbench {

/// Whether the problem has the two features and the one yes/no output that a picture can show.
bool can_draw_boundary(const Problem& problem) noexcept;

/// Where a picture looks along one feature: the range of the samples and a margin.
struct PictureRange {
  double low = 0.0, high = 0.0;

  /// The i-th of `points` values from low to high, both included.
  double at(std::size_t i, std::size_t points) const noexcept {
    return low + (high - low) * static_cast<double>(i) / static_cast<double>(points - 1);
  }
};

/// The probability of class 1 over the plane.
struct BoundaryGrid {
  PictureRange x, y;
  std::size_t points = 0;      ///< along each axis
  Matrix<double> probability;  ///< (1 x points * points): row by row from the lowest y, x growing within one
};

/// What the run's network says on `points` x `points` points around all samples of the problem, computed on
/// the run's backend and in its precision. The problem must be one that can_draw_boundary(); at least 2
/// points.
BoundaryGrid boundary_grid(const Problem& problem, const RunResult& result, std::size_t points);

}  // namespace mlpbench
