#include "core/metrics.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace mlpbench {
namespace {

void check_shapes(MatrixView<const double> outputs, MatrixView<const double> targets) {
  if (outputs.rows != targets.rows || outputs.cols != targets.cols) {
    throw std::invalid_argument("metrics: outputs and targets differ in shape");
  }
  if (outputs.empty()) throw std::invalid_argument("metrics: nothing to measure");
}

std::size_t class_of(MatrixView<const double> values, std::size_t sample) {
  if (values.rows == 1) return values(0, sample) > 0.5 ? 1 : 0;
  std::size_t best = 0;
  for (std::size_t i = 1; i < values.rows && !std::isnan(values(best, sample)); ++i) {
    if (!(values(i, sample) <= values(best, sample))) best = i;
  }
  return best;
}

}  // namespace

double accuracy(MatrixView<const double> outputs, MatrixView<const double> targets) {
  check_shapes(outputs, targets);
  std::size_t right = 0;
  for (std::size_t j = 0; j < outputs.cols; ++j) right += class_of(outputs, j) == class_of(targets, j);
  return static_cast<double>(right) / static_cast<double>(outputs.cols);
}

std::vector<std::vector<std::size_t>> confusion_matrix(MatrixView<const double> outputs,
                                                       MatrixView<const double> targets) {
  check_shapes(outputs, targets);
  const std::size_t classes = std::max<std::size_t>(2, outputs.rows);
  std::vector counts(classes, std::vector<std::size_t>(classes));
  for (std::size_t j = 0; j < outputs.cols; ++j) ++counts[class_of(targets, j)][class_of(outputs, j)];
  return counts;
}

double mean_squared_error(MatrixView<const double> outputs, MatrixView<const double> targets) {
  check_shapes(outputs, targets);
  double sum = 0.0;
  for (std::size_t i = 0; i < outputs.rows; ++i) {
    for (std::size_t j = 0; j < outputs.cols; ++j) {
      const double error = outputs(i, j) - targets(i, j);
      sum += error * error;
    }
  }
  return sum / (static_cast<double>(outputs.rows) * static_cast<double>(outputs.cols));
}

}  // namespace mlpbench
