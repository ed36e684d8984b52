#include "core/metrics.h"

#include <algorithm>
#include <stdexcept>

namespace mlpbench {
namespace {

void check_shapes(MatrixView<const double> outputs, const Targets& targets) {
  if (outputs.rows != targets.cols() || outputs.cols != targets.rows()) {
    throw std::invalid_argument("metrics: outputs and targets differ in shape");
  }
  if (outputs.empty()) throw std::invalid_argument("metrics: nothing to measure");
}

}  // namespace

double accuracy(MatrixView<const double> outputs, const Targets& targets) {
  check_shapes(outputs, targets);
  std::size_t right = 0;
  for (std::size_t j = 0; j < outputs.cols; ++j) right += class_of(outputs, j) == targets.class_of(j);
  return static_cast<double>(right) / static_cast<double>(outputs.cols);
}

std::vector<std::vector<std::size_t>> confusion_matrix(MatrixView<const double> outputs,
                                                       const Targets& targets) {
  check_shapes(outputs, targets);
  const std::size_t classes = std::max<std::size_t>(2, outputs.rows);
  std::vector counts(classes, std::vector<std::size_t>(classes));
  for (std::size_t j = 0; j < outputs.cols; ++j) ++counts[targets.class_of(j)][class_of(outputs, j)];
  return counts;
}

double mean_squared_error(MatrixView<const double> outputs, const Targets& targets) {
  check_shapes(outputs, targets);
  double sum = 0.0;
  for (std::size_t i = 0; i < outputs.rows; ++i) {
    for (std::size_t j = 0; j < outputs.cols; ++j) {
      const double error = outputs(i, j) - targets(j, i);
      sum += error * error;
    }
  }
  return sum / (static_cast<double>(outputs.rows) * static_cast<double>(outputs.cols));
}

}  // namespace mlpbench
