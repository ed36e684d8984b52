#include "experiments/initial_parameters.h"

#include <cmath>

namespace mlpbench {

double draw_he(RandomState& stream, std::size_t inputs) {
  return stream.standard_normal() * std::sqrt(2.0 / static_cast<double>(inputs));
}

double draw_hundredth(RandomState& stream, std::size_t) { return stream.standard_normal() * 0.01; }

Parameters<double> draw_parameters(const NetworkSpec& network, const InitialRule& rule, RandomState& stream) {
  Parameters<double> theta(network);
  for (std::size_t l = 0; l < theta.layers(); ++l) {
    const MatrixView<double> W = theta.W(l);
    const bool transposed = rule.order == WeightOrder::inputs_by_units;
    for (std::size_t i = 0; i < (transposed ? W.cols : W.rows); ++i) {
      for (std::size_t j = 0; j < (transposed ? W.rows : W.cols); ++j) {
        (transposed ? W(j, i) : W(i, j)) = rule.draw(stream, W.cols);
      }
    }
    if (!rule.draw_biases) continue;
    for (double& b : theta.b(l)) b = rule.draw(stream, W.cols);
  }
  return theta;
}

Matrix<double> as_stored(MatrixView<const double> W, WeightOrder order) {
  const bool transposed = order == WeightOrder::inputs_by_units;
  Matrix<double> stored(transposed ? W.cols : W.rows, transposed ? W.rows : W.cols);
  for (std::size_t i = 0; i < W.rows; ++i) {
    for (std::size_t j = 0; j < W.cols; ++j) (transposed ? stored(j, i) : stored(i, j)) = W(i, j);
  }
  return stored;
}

Matrix<double> as_stored(std::span<const double> b, WeightOrder order) {
  return as_stored(MatrixView<const double>{b.data(), b.size(), 1, 1}, order);
}

}  // namespace mlpbench
