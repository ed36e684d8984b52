#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/data/targets.h"
#include "core/matrix.h"

namespace mlpbench {

/// Samples as NumPy has them: sample-major, one sample contiguous, always float64. A trainer casts them to
/// the precision of the run when it lays out a batch.
struct Dataset {
  Matrix<double> X;  ///< (samples x features)
  Targets Y;         ///< (samples x outputs): 0/1 labels, classes or real targets

  std::size_t samples() const noexcept { return X.rows(); }
  std::size_t features() const noexcept { return X.cols(); }
  std::size_t outputs() const noexcept { return Y.cols(); }
};

/// Rows [first, first + count) of data.
struct RowRange {
  std::size_t first = 0, count = 0;
};

/// The samples `rows` of `data`, in that order. Every index must be below data.samples().
Dataset select_rows(const Dataset& data, std::span<const std::size_t> rows);

/// Of the numbers as little-endian float64, X row by row and then Y, of both sets one after the other. In
/// NumPy, with one set: sha256(X.tobytes() + Y.tobytes()). Classes count as their one-hot rows.
std::string sha256_of(const Dataset& first, const Dataset& second);

}  // namespace mlpbench
