// What the operations are called with: numbers for their operands, and what the naive backend makes of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>

#include "backends/operations/operation.h"

namespace mlpbench {

/// Numbers from [low, high), the same on every machine and library.
template <typename T>
void fill_uniform(MatrixView<T> matrix, double low, double high, std::mt19937& random) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j) {
      const auto word = static_cast<std::uint32_t>(random());
      matrix(i, j) = static_cast<T>(low + (high - low) * 0x1p-32 * static_cast<double>(word));
    }
  }
}

template <typename T>
Matrix<T> copy_of(MatrixView<const T> matrix) {
  Matrix<T> copy(matrix.rows, matrix.cols);
  for (std::size_t i = 0; i < matrix.rows; ++i) std::copy_n(matrix.row(i), matrix.cols, copy.row(i));
  return copy;
}

/// training  numbers of the size that training starts with: no activation saturates
/// real      [-1, 1)
/// integer   from -4 to 4 without 0, whose sums of products are exact in either precision, so that results
///           must be equal in every order of summation. No zeros: a factor that is zero hides what it is
///           multiplied with
/// sparse    integers, a third of them 0
enum class Data { training, real, integer, sparse };

/// Numbers for one operand that is read; NaN for one that is only written. Values::activations and ::targets
/// are what the functions of `spec` allow. Integers are an exception, because the formulas are exact for
/// them.
template <typename T>
void fill(const Operand& operand, const CallSpec& spec, Data data, MatrixView<T> matrix,
          std::mt19937& random);

/// All operands of a call, of the sizes that `spec` says.
template <typename T>
void fill_all(const Operation& operation, const CallSpec& spec, Data data,
              std::span<const MatrixView<T>> operands, std::mt19937& random) {
  for (std::size_t i = 0; i < operands.size(); ++i)
    fill(operation.operands[i], spec, data, operands[i], random);
}

/// Matrices of the sizes that `spec` says, rows of samples on cache lines and all others dense.
template <typename T>
std::vector<Matrix<T>> make_operands(const Operation& operation, const CallSpec& spec);

template <typename T>
std::vector<MatrixView<T>> views_of(std::vector<Matrix<T>>& matrices) {
  std::vector<MatrixView<T>> views;
  for (Matrix<T>& matrix : matrices) views.push_back(matrix.view());
  return views;
}

/// What the reference makes of a call.
template <typename T>
struct Expected {
  std::vector<Matrix<T>> operands;    ///< after the call
  std::vector<Tolerance> tolerances;  ///< of each operand
  double loss = 0.0;
  Tolerance loss_tolerance = Tolerance::exact();
};

/// `exact` asks for equality. The operands are those before the call and must be finite unless it is exact.
template <typename T>
Expected<T> expected_of(const Operation& operation, const CallSpec& spec, bool exact,
                        std::span<const MatrixView<T>> operands);

/// Compares a call's operands and its loss with what is expected: an empty string, or what differs. A result
/// of zeros shows nothing (core/agree.h), except with ReLU and the like, of a sum without terms, and with
/// `zeros_expected`.
template <typename T>
std::string check(const Operation& operation, const CallSpec& spec, const Expected<T>& expected,
                  std::span<const MatrixView<T>> operands, double loss, bool zeros_expected = false);

/// A value that is made once for each key and shared from then on.
template <typename Value, typename Make>
std::shared_ptr<const Value> made_once(const std::string& key, Make make) {
  static std::map<std::string, std::shared_ptr<const Value>> known;
  std::shared_ptr<const Value>& value = known[key];
  if (value == nullptr) value = std::make_shared<const Value>(make());
  return value;
}

/// A call with operands of its own, to be checked and then repeated.
template <typename T>
class OperationRun {
 public:
  OperationRun(const Operation& operation, const CallSpec& spec, const Backend<T>& backend)
      : operation_(operation),
        spec_(spec),
        backend_(backend),
        operands_(make_operands<T>(operation, spec)),
        views_(views_of(operands_)),
        scratch_(scratch_size(backend, spec.shape)) {
    refill();
  }

  double operator()() { return operation_.call.get<T>()({backend_, spec_, views_, scratch_.span()}); }

  /// An empty string, or where one call on fresh operands differs from the reference.
  std::string check();

 private:
  void refill() {
    std::mt19937 random(20260101);
    fill_all<T>(operation_, spec_, Data::training, views_, random);
  }

  const Operation& operation_;
  CallSpec spec_;
  const Backend<T>& backend_;
  std::vector<Matrix<T>> operands_;
  std::vector<MatrixView<T>> views_;
  AlignedBuffer<T> scratch_;
};

}  // namespace mlpbench
