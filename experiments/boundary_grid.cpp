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

template <typename T>
Matrix<double> probabilities(const Problem& problem, const RunResult& result, const Matrix<double>& points) {
  Parameters<T> theta(problem.network);
  theta.assign(result.parameters);
  return predict_all(result.backend->get<T>(), problem.network, theta, points);
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
  grid.probability = result.dtype == DType::float64 ? probabilities<double>(problem, result, where)
                                                    : probabilities<float>(problem, result, where);
  return grid;
}

}  // namespace mlpbench
