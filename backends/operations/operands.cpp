#include "backends/operations/operands.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "backends/registry.h"

namespace mlpbench {
namespace {

template <typename T, typename Function>
void transform(MatrixView<T> matrix, Function function) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j) matrix(i, j) = function(matrix(i, j), i, j);
  }
}

/// What `data` says, before the operand's own rules.
template <typename T>
void fill_plain(const Operand& operand, Data data, MatrixView<T> matrix, std::mt19937& random) {
  if (data == Data::training) return fill_uniform(matrix, operand.low, operand.high, random);
  if (data == Data::real) return fill_uniform(matrix, -1.0, 1.0, random);
  transform(matrix, [&](T, std::size_t, std::size_t) {
    const auto word = static_cast<std::uint32_t>(random());
    const int sign = (word & 4) == 0 ? 1 : -1, magnitude = 1 + static_cast<int>(word & 3);
    const bool zero = data == Data::sparse && random() % 3 == 0;
    return static_cast<T>(zero ? 0 : sign * magnitude);
  });
}

/// Whether the values of an activation lie between 0 and 1.
bool are_probabilities(Activation activation) {
  return info(activation).last_layer_only ||
         (forward(activation, -100.0) >= 0.0 && forward(activation, 100.0) <= 1.0);
}

template <typename T>
double call_reference(const Operation& operation, const CallSpec& spec, std::vector<Matrix<T>>& operands) {
  const std::vector<MatrixView<T>> views = views_of(operands);
  return operation.reference.get<T>()({reference_backend<T>(), spec, views, {}});
}

/// The tolerance of each operand, from the same call on absolute values without a function. They bound the
/// rounding errors of a sum of products.
template <typename T>
std::vector<Tolerance> tolerances(const Operation& operation, const CallSpec& spec,
                                  std::vector<Matrix<T>> operands) {
  for (Matrix<T>& matrix : operands) {
    transform(matrix.view(), [](T value, std::size_t, std::size_t) { return std::abs(value); });
  }
  CallSpec linear = spec;
  linear.activation = Activation::identity;
  call_reference(operation, linear, operands);
  std::vector<Tolerance> result;
  for (Matrix<T>& sums : operands) {
    double largest = 0.0;
    transform(sums.view(), [&largest](T value, std::size_t, std::size_t) {
      largest = std::max(largest, std::abs(static_cast<double>(value)));
      return value;
    });
    result.push_back(operation.tolerance(spec, largest));
  }
  return result;
}

/// Each element of `actual` divided by that of `expected`, which becomes 1.
template <typename T>
std::string check_relative(MatrixView<const T> actual, MatrixView<const T> expected,
                           const Tolerance& tolerance) {
  Matrix<T> quotients = copy_of(actual), ones = copy_of(expected);
  transform(quotients.view(), [&](T value, std::size_t i, std::size_t j) {
    if (std::isnan(expected(i, j))) return value;
    return value == expected(i, j) ? T{1} : value / expected(i, j);
  });
  transform(ones.view(), [](T value, std::size_t, std::size_t) { return std::isnan(value) ? value : T{1}; });
  const std::string differs = disagreement<T>(quotients.view(), ones.view(), tolerance);
  return differs.empty() ? "" : "quotient to the reference: " + differs;
}

}  // namespace

template <typename T>
void fill(const Operand& operand, const CallSpec& spec, Data data, MatrixView<T> matrix,
          std::mt19937& random) {
  if (operand.access == Access::write) {
    return transform(matrix, [](T, std::size_t, std::size_t) { return std::numeric_limits<T>::quiet_NaN(); });
  }
  fill_plain(operand, data, matrix, random);
  if (operand.values == Values::weights && data == Data::training) {
    const T scale = T{1} / std::sqrt(static_cast<T>(spec.shape.inputs));
    transform(matrix, [scale](T value, std::size_t, std::size_t) { return value * scale; });
  }
  if (operand.values == Values::squares) {
    transform(matrix, [](T value, std::size_t, std::size_t) { return std::abs(value); });
  }
  if (operand.values == Values::activations && data == Data::real && are_probabilities(spec.activation)) {
    transform(matrix, [](T value, std::size_t, std::size_t) { return T(0.5) + T(0.499) * value; });
  }
  if (operand.values == Values::targets && info(spec.loss.kind).of_classes) {
    const bool one_hot = data == Data::training && info(info(spec.loss.kind).canonical).last_layer_only;
    transform(matrix, [&](T value, std::size_t k, std::size_t n) {
      return static_cast<T>(one_hot ? k == n % matrix.rows : value >= T{0});
    });
  }
}

template <typename T>
std::vector<Matrix<T>> make_operands(const Operation& operation, const CallSpec& spec) {
  std::vector<Matrix<T>> operands;
  for (const Operand& operand : operation.operands) {
    const std::size_t rows = extent_of(operand.rows, spec.shape), cols = extent_of(operand.cols, spec.shape);
    operands.push_back(operand.cols == Extent::batch ? Matrix<T>::padded(rows, cols) : Matrix<T>(rows, cols));
  }
  return operands;
}

template <typename T>
Expected<T> expected_of(const Operation& operation, const CallSpec& spec, bool exact,
                        std::span<const MatrixView<T>> operands) {
  Expected<T> expected;
  for (const MatrixView<T>& operand : operands) expected.operands.push_back(copy_of<T>(operand));
  expected.tolerances.assign(operands.size(), Tolerance::exact());
  if (!exact) expected.tolerances = tolerances(operation, spec, expected.operands);
  expected.loss = call_reference(operation, spec, expected.operands);
  if (!exact) {
    expected.loss_tolerance = {spec.shape.units * spec.shape.batch, std::max(1.0, std::abs(expected.loss))};
  }
  return expected;
}

template <typename T>
std::string check(const Operation& operation, const CallSpec& spec, const Expected<T>& expected,
                  std::span<const MatrixView<T>> operands, double loss, bool zeros_expected) {
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Operand& operand = operation.operands[i];
    const Tolerance& tolerance = expected.tolerances[i];
    if (operand.access == Access::read) continue;
    const bool zeros = zeros_expected || info(spec.activation).cost == Cost::cheap ||
                       operation.tolerance(spec, 0.0).depth == 0;
    const MatrixView<const T> should = expected.operands[i].view();
    const std::string differs = operation.relative ? check_relative<T>(operands[i], should, tolerance)
                                                   : disagreement<T>(operands[i], should, tolerance, zeros);
    if (!differs.empty()) return std::string(operand.name) + ": " + differs;
  }
  if (agree(loss, expected.loss, expected.loss_tolerance.template value<T>())) return "";
  return "loss: " + std::to_string(loss) + ", expected " + std::to_string(expected.loss);
}

template <typename T>
std::string OperationRun<T>::check() {
  refill();
  const std::string key =
      std::string(operation_.name) + " " + operation_.function_of(spec_) + " " + operation_.shape_of(spec_);
  const auto expected =
      made_once<Expected<T>>(key, [this] { return expected_of<T>(operation_, spec_, false, views_); });
  const double loss = (*this)();
  return mlpbench::check<T>(operation_, spec_, *expected, views_, loss);
}

#define MLPBENCH_OPERANDS(T)                                                                                 \
  template void fill(const Operand&, const CallSpec&, Data, MatrixView<T>, std::mt19937&);                   \
  template std::vector<Matrix<T>> make_operands(const Operation&, const CallSpec&);                          \
  template Expected<T> expected_of(const Operation&, const CallSpec&, bool, std::span<const MatrixView<T>>); \
  template std::string check(const Operation&, const CallSpec&, const Expected<T>&,                          \
                             std::span<const MatrixView<T>>, double, bool);                                  \
  template class OperationRun<T>;
MLPBENCH_OPERANDS(float)
MLPBENCH_OPERANDS(double)

}  // namespace mlpbench
