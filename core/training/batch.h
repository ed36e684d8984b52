#pragma once

#include <cstddef>
#include <span>

#include "core/data/dataset.h"
#include "core/matrix.h"

namespace mlpbench {

/// `from` (rows x cols) rounded to T and transposed into `to`, (cols x rows).
template <typename T, typename From>
void transpose_into(MatrixView<const From> from, MatrixView<T> to) noexcept {
  for (std::size_t j = 0; j < to.rows; ++j) {
    for (std::size_t i = 0; i < to.cols; ++i) to(j, i) = static_cast<T>(from(i, j));
  }
}

/// `from`, rounded to T, in the same layout. A trainer does this once, so that a step moves no float64.
template <typename T>
Matrix<T> rounded(const Matrix<double>& from) {
  Matrix<T> to(from.rows(), from.cols());
  for (std::size_t i = 0; i < from.rows(); ++i) {
    for (std::size_t j = 0; j < from.cols(); ++j) to(i, j) = static_cast<T>(from(i, j));
  }
  return to;
}

/// Room for one feature-major batch of inputs and targets.
template <typename T>
struct Batch {
  Matrix<T> X;  ///< (features x capacity), rows on cache lines
  Matrix<T> Y;  ///< (outputs x capacity)

  Batch(std::size_t features, std::size_t outputs, std::size_t capacity)
      : X(Matrix<T>::padded(features, capacity)), Y(Matrix<T>::padded(outputs, capacity)) {}

  /// Column first + n becomes sample samples[n] of the sample-major `X_all` and `Y_all`. Eight samples at a time:
  /// each is one contiguous read of a large data set, and what is written of a row is half a cache line.
  void gather(const Matrix<T>& X_all, const Matrix<T>& Y_all, std::span<const std::size_t> samples,
              std::size_t first = 0) noexcept {
    gather_matrix(X_all, samples, first, X);
    gather_matrix(Y_all, samples, first, Y);
  }

 private:
  static void gather_matrix(const Matrix<T>& from, std::span<const std::size_t> samples, std::size_t first,
                            Matrix<T>& to) noexcept {
    constexpr std::size_t kTogether = 8;
    std::size_t n = 0;
    for (; n + kTogether <= samples.size(); n += kTogether) {
      const T* rows[kTogether];
      for (std::size_t k = 0; k < kTogether; ++k) rows[k] = from.row(samples[n + k]);
      for (std::size_t j = 0; j < from.cols(); ++j) {
        T* const out = to.row(j) + first + n;
        for (std::size_t k = 0; k < kTogether; ++k) out[k] = rows[k][j];
      }
    }
    for (; n < samples.size(); ++n) {
      const T* sample = from.row(samples[n]);
      for (std::size_t j = 0; j < from.cols(); ++j) to(j, first + n) = sample[j];
    }
  }
};

}  // namespace mlpbench
