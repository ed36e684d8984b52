#include "experiments/boundary_grid.h"

#include <algorithm>

namespace mlpbench {
namespace {

PictureRange range_of(const Dataset& a, const Dataset& b, std::size_t feature) {
  PictureRange range{a.X(0, feature), a.X(0, feature)};
  for (const Dataset* data : {&a, &b}) {
    for (std::size_t n = 0; n < data->samples(); ++n) {
      range.low = std::min(range.low, data->X(n, feature));
      range.high = std::max(range.high, data->X(n, feature));
    }
  }
  const double margin = range.high > range.low ? 0.08 * (range.high - range.low) : 1.0;
  return {range.low - margin, range.high + margin};
}

}  // namespace

bool can_draw_boundary(const Problem& problem) noexcept {
  return problem.task == Task::binary && problem.network.inputs == 2 && problem.network.outputs() == 1 &&
         problem.train.samples() > 0;
}

BoundaryGrid boundary_grid(const Problem& problem, const RunResult& result, std::size_t points) {
  BoundaryGrid grid{
      range_of(problem.train, problem.test, 0), range_of(problem.train, problem.test, 1), points, {}};
  Matrix<double> where(points * points, 2);
  for (std::size_t i = 0; i < points * points; ++i) {
    where(i, 0) = grid.x.at(i % points, points);
    where(i, 1) = grid.y.at(i / points, points);
  }
  grid.probability = outputs_for(problem, result, where);
  return grid;
}

}  // namespace mlpbench
