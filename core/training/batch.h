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

/// Room for one feature-major batch of inputs and targets.
template <typename T>
struct Batch {
  Matrix<T> X;  ///< (features x capacity), rows on cache lines
  Matrix<T> Y;  ///< (outputs x capacity)

  Batch(std::size_t features, std::size_t outputs, std::size_t capacity)
      : X(Matrix<T>::padded(features, capacity)), Y(Matrix<T>::padded(outputs, capacity)) {}
};

}  // namespace mlpbench
