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
    if (rule.order == WeightOrder::units_by_inputs) {
      for (std::size_t i = 0; i < W.rows; ++i) {
        for (std::size_t j = 0; j < W.cols; ++j) W(i, j) = rule.draw(stream, W.cols);
      }
    } else {
      for (std::size_t j = 0; j < W.cols; ++j) {
        for (std::size_t i = 0; i < W.rows; ++i) W(i, j) = rule.draw(stream, W.cols);
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
  const bool row = order == WeightOrder::inputs_by_units;
  Matrix<double> stored(row ? 1 : b.size(), row ? b.size() : 1);
  for (std::size_t i = 0; i < b.size(); ++i) (row ? stored(0, i) : stored(i, 0)) = b[i];
  return stored;
}

}  // namespace mlpbench
