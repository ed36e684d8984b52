#pragma once

#include <cstddef>

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

/// The targets of samples first ... first + to.cols - 1, rounded to T, into `to`, (outputs x samples).
template <typename T>
void transpose_into(const Targets& from, std::size_t first, MatrixView<T> to) noexcept {
  for (std::size_t k = 0; k < to.rows; ++k) {
    for (std::size_t n = 0; n < to.cols; ++n) to(k, n) = static_cast<T>(from(first + n, k));
  }
}

/// Room for one feature-major batch: the rows of X and below them those of Y, each on cache lines.
template <typename T>
class Batch {
 public:
  Batch(std::size_t features, std::size_t outputs, std::size_t capacity)
      : rows_(Matrix<T>::padded(features + outputs, capacity)), features_(features) {}

  MatrixView<T> X() noexcept { return part(0, features_); }                         ///< (features x capacity)
  MatrixView<T> Y() noexcept { return part(features_, rows_.rows() - features_); }  ///< (outputs x capacity)
  Matrix<T>& rows() noexcept { return rows_; }                                      ///< both

 private:
  MatrixView<T> part(std::size_t first, std::size_t count) noexcept {
    return {rows_.row(first), count, rows_.cols(), rows_.view().stride};
  }

  Matrix<T> rows_;
  std::size_t features_;
};

}  // namespace mlpbench
