// Squares transposed in registers, for packing operands whose lanes would otherwise be strided.
//
// Included by kernels_*.cpp files after their vec.h and shuffles; everything has internal linkage.
#pragma once

#include <cstddef>

namespace mlpbench::simd {
namespace {

/// to[j * to_stride + i] = from[i * from_stride + j] for i in [0, rows), j in [0, cols). The last squares
/// overlap those before them; only where not one fits are elements copied one by one.
template <typename T>
inline void transpose(const T* from, std::size_t from_stride, std::size_t rows, std::size_t cols, T* to,
                      std::size_t to_stride) {
  constexpr std::size_t kSide = kSquare<T>;
  if (rows < kSide || cols < kSide) {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < cols; ++j) to[j * to_stride + i] = from[i * from_stride + j];
    }
    return;
  }
  for (std::size_t j = 0; j < cols; j += kSide) {
    if (j + kSide > cols) j = cols - kSide;
    for (std::size_t i = 0; i < rows; i += kSide) {
      if (i + kSide > rows) i = rows - kSide;
      transpose_square(from + i * from_stride + j, from_stride, to + j * to_stride + i, to_stride);
    }
  }
}

}  // namespace
}  // namespace mlpbench::simd
