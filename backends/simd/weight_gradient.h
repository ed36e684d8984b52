// dW = scale * dZ X^T and db = scale * dZ 1 over a Vec, in two forms. X and dZ are both sample-contiguous, so
// lanes that are outputs need a transposed X first, and lanes that are samples need a sum over lanes for
// every element of dW at the end. Which is cheaper depends on the shape alone, never on the instruction set
// or the number of threads: the two forms round differently.
//
// Included by kernels.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/products.h"

namespace mlpbench::simd {
namespace {

/// Whether lanes are inputs. Counted in Vec operations for one unit: a sum over lanes costs about 3, and a
/// transposed element about 1/8, which 16 units share. The number of units is left out so that a block of
/// units gets the bits of the whole. 784 and 512 inputs at batch 256 want it; 30 at 455, 64 at 1024 do not.
template <typename V>
constexpr bool lanes_are_inputs(std::size_t inputs, std::size_t batch) {
  const std::size_t by_samples = inputs * (parts(batch, V::width) + 3);
  const std::size_t by_inputs = inputs * batch / 128 + parts(inputs, V::width) * batch;
  return by_inputs < by_samples;
}

/// dW[u + r][i + c] for kRows x kCols elements, each a Vec of partial sums over samples.
template <typename V, int kRows, int kCols, typename T>
[[gnu::noinline]] void sample_tile(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                                   std::size_t u, std::size_t i) {
  V acc[kRows][kCols];
  for (auto& row : acc) {
    for (V& sum : row) sum = V::set1(0);
  }
  const T* dz = dZ.data + u * dZ.stride;
  const T* x = X.data + i * X.stride;
  for_each_vec<V>(dZ.cols, [&](std::size_t n, auto part) {
    V right[kCols];
    for (int c = 0; c < kCols; ++c) right[c] = load<V>(x + std::size_t(c) * X.stride + n, part);
    for (int r = 0; r < kRows; ++r) {
      const V left = load<V>(dz + std::size_t(r) * dZ.stride + n, part);
      for (int c = 0; c < kCols; ++c) acc[r][c] = fma(left, right[c], acc[r][c]);
    }
  });
  for (int r = 0; r < kRows; ++r) {
    T* out = dW.data + (u + std::size_t(r)) * dW.stride + i;
    for (int c = 0; c < kCols; ++c) out[c] = scale * sum_lanes(acc[r][c]);
  }
}

template <typename V, int kRows, int kCols, typename T>
inline void sample_tile_of(std::size_t rows, std::size_t cols, MatrixView<const T> dZ, MatrixView<const T> X,
                           T scale, MatrixView<T> dW, std::size_t u, std::size_t i) {
  if (rows == std::size_t(kRows) && cols == std::size_t(kCols)) {
    return sample_tile<V, kRows, kCols>(dZ, X, scale, dW, u, i);
  }
  if constexpr (kRows > 1) {
    if (rows < std::size_t(kRows)) {
      return sample_tile_of<V, kRows - 1, kCols>(rows, cols, dZ, X, scale, dW, u, i);
    }
  }
  if constexpr (kCols > 1) sample_tile_of<V, kRows, kCols - 1>(rows, cols, dZ, X, scale, dW, u, i);
}

/// Lanes are samples. Rows and columns are dealt out evenly over the tiles.
template <typename V, typename T>
inline void weight_gradient_by_samples(MatrixView<const T> dZ, MatrixView<const T> X, T scale,
                                       MatrixView<T> dW) {
  const std::size_t row_blocks = parts(dW.rows, V::sample_tile_rows);
  const std::size_t col_blocks = parts(dW.cols, V::sample_tile_cols);
  for (std::size_t block = 0, u = 0; block < row_blocks; ++block) {
    const std::size_t rows = parts(dW.rows - u, row_blocks - block);
    for (std::size_t col_block = 0, i = 0; col_block < col_blocks; ++col_block) {
      const std::size_t cols = parts(dW.cols - i, col_blocks - col_block);
      sample_tile_of<V, V::sample_tile_rows, V::sample_tile_cols>(rows, cols, dZ, X, scale, dW, u, i);
      i += cols;
    }
    u += rows;
  }
}

template <typename V, typename T>
inline void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW, T* db,
                            T* scratch) {
  scaled_row_sums<V>(dZ, scale, db);
  if (!lanes_are_inputs<V>(dW.cols, dZ.cols)) return weight_gradient_by_samples<V>(dZ, X, scale, dW);
  Epilogue<T> epilogue;
  epilogue.finish = Finish::scaled;
  epilogue.scale = scale;
  product<V>(dZ.cols, Broadcast<T>{dZ.data, dZ.stride, 1, false},
             Operand<T>{X.data, X.stride, Packing::transposed}, dW, epilogue, scratch);
}

}  // namespace
}  // namespace mlpbench::simd
