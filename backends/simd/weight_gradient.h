// dW = scale * dZ X^T and db = scale * dZ 1 over a Vec, in two forms. X and dZ are both sample-contiguous, so
// lanes that are outputs need a transposed X first, and lanes that are samples need a sum over lanes for
// every element of dW at the end. Which is cheaper depends on the shape alone, never on the instruction set
// or the number of threads: the two forms round differently.
//
// Included by kernels.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/kernel_table.h"
#include "backends/simd/lane_sums.h"
#include "backends/simd/products.h"

namespace mlpbench::simd {
namespace {

/// body<rows, cols>() for a tile size known at run time, at most kRows x kCols.
template <int kRows, int kCols, typename Body>
inline void with_tile_size(std::size_t rows, std::size_t cols, Body body) {
  if (rows == std::size_t(kRows) && cols == std::size_t(kCols))
    return body.template operator()<kRows, kCols>();
  if constexpr (kRows > 1) {
    if (rows < std::size_t(kRows)) return with_tile_size<kRows - 1, kCols>(rows, cols, body);
  }
  if constexpr (kCols > 1) with_tile_size<kRows, kCols - 1>(rows, cols, body);
}

/// Whether lanes are inputs. A small layer sums over lanes at every batch, as the fused step does. Beyond
/// that, lanes that are inputs win as soon as the batch fills a few Vecs, because the product's tiles reuse
/// what they load six times and those of sums over lanes two or three times.
template <typename V>
constexpr bool lanes_are_inputs(std::size_t units, std::size_t inputs, std::size_t batch) {
  if (units <= kFusedUnits && inputs <= kFusedInputs) return false;
  const std::size_t by_samples = units * inputs * (parts(batch, V::width) + 3);
  const std::size_t by_inputs = inputs * batch / 4 + units * parts(inputs, V::width) * batch;
  return 2 * by_inputs < 3 * by_samples;
}

/// One register of each of kRows x kCols Vecs of partial sums, over all samples.
template <typename V, int kRegister, int kRows, int kCols, typename T>
[[gnu::always_inline]] inline void sample_tile_register(MatrixView<const T> dZ, MatrixView<const T> X,
                                                        const T* dz, const T* x, V (&acc)[kRows][kCols]) {
  constexpr std::size_t kOffset = std::size_t(kRegister) * V::width / std::size_t(V::registers);
  using Register = typename V::Register;
  Register sum[kRows][kCols];
  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kCols; ++c) sum[r][c] = acc[r][c].template part<kRegister>();
  }
  std::size_t n = 0;
  for (; n + V::width <= dZ.cols; n += V::width) {
    Register right[kCols];
    for (int c = 0; c < kCols; ++c) right[c] = V::load_register(x + std::size_t(c) * X.stride + n + kOffset);
    for (int r = 0; r < kRows; ++r) {
      const Register left = V::load_register(dz + std::size_t(r) * dZ.stride + n + kOffset);
      for (int c = 0; c < kCols; ++c) sum[r][c] = V::fma_register(left, right[c], sum[r][c]);
    }
  }
  if (n < dZ.cols) {
    const First part{dZ.cols - n};
    V right[kCols];
    for (int c = 0; c < kCols; ++c) right[c] = load<V>(x + std::size_t(c) * X.stride + n, part);
    for (int r = 0; r < kRows; ++r) {
      V left = load<V>(dz + std::size_t(r) * dZ.stride + n, part);
      for (int c = 0; c < kCols; ++c) {
        sum[r][c] =
            V::fma_register(left.template part<kRegister>(), right[c].template part<kRegister>(), sum[r][c]);
      }
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kCols; ++c) acc[r][c].template part<kRegister>() = sum[r][c];
  }
}

/// acc[r][c] += dZ[u + r] * X[i + c] for kRows x kCols elements, each a Vec of partial sums over samples.
/// Register by register, in passes: a tile of whole Vecs has half as many accumulators on AVX2, and loads 10
/// registers for 12 FMA where this loads 7.
template <typename V, int kRows, int kCols, typename T>
[[gnu::always_inline]] inline void sample_tile(MatrixView<const T> dZ, MatrixView<const T> X, std::size_t u,
                                               std::size_t i, V (&acc)[kRows][kCols]) {
  const T* const dz = dZ.data + u * dZ.stride;
  const T* const x = X.data + i * X.stride;
  sample_tile_register<V, 0>(dZ, X, dz, x, acc);
  if constexpr (V::registers == 2) sample_tile_register<V, 1>(dZ, X, dz, x, acc);
}

/// Body<V, kRows, kCols>(u, i) for every tile of a gradient of units x inputs, rows and columns dealt out
/// evenly. Columns outside: the few rows of dZ that a small layer has stay in the first-level cache, and X is
/// read once.
template <typename V, typename Body>
inline void for_each_sample_tile(std::size_t units, std::size_t inputs, Body body) {
  const Partition rows(units, V::sample_tile_rows), cols(inputs, V::sample_tile_cols);
  for (std::size_t col_block = 0, i = 0; col_block < cols.blocks; i += cols.size(col_block), ++col_block) {
    for (std::size_t block = 0, u = 0; block < rows.blocks; u += rows.size(block), ++block) {
      with_tile_size<V::sample_tile_rows, V::sample_tile_cols>(
          rows.size(block), cols.size(col_block),
          [&]<int kRows, int kCols>() { body.template operator()<kRows, kCols>(u, i); });
    }
  }
}

/// Lanes are samples.
template <typename V, typename T>
inline void weight_gradient_by_samples(MatrixView<const T> dZ, MatrixView<const T> X, T scale,
                                       MatrixView<T> dW) {
  for_each_sample_tile<V>(dW.rows, dW.cols, [&]<int kRows, int kCols>(std::size_t u, std::size_t i) {
    V acc[kRows][kCols];
    for (auto& row : acc) {
      for (V& sum : row) sum = V::set1(0);
    }
    sample_tile(dZ, X, u, i, acc);
    alignas(64) T lanes[std::size_t(kRows * kCols) * V::width];
    for (int r = 0; r < kRows; ++r) {
      for (int c = 0; c < kCols; ++c) acc[r][c].store(lanes + std::size_t(r * kCols + c) * V::width);
    }
    T sums[kRows * kCols];
    lane_sums<V>(lanes, std::size_t(kRows * kCols), scale, sums);
    for (int r = 0; r < kRows; ++r) {
      T* out = dW.data + (u + std::size_t(r)) * dW.stride + i;
      for (int c = 0; c < kCols; ++c) out[c] = sums[r * kCols + c];
    }
  });
}

/// dW may be a block of one of (units x inputs), which decides the form. db may be null.
template <typename V, typename T>
inline void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW, T* db,
                            T* scratch, std::size_t units, std::size_t inputs) {
  if (db != nullptr) scaled_row_sums<V>(dZ, scale, db);
  if (!lanes_are_inputs<V>(units, inputs, dZ.cols)) return weight_gradient_by_samples<V>(dZ, X, scale, dW);
  Epilogue<T> epilogue;
  epilogue.finish = Finish::scaled;
  epilogue.scale = scale;
  product<V>(dZ.cols, Broadcast<T>{dZ.data, dZ.stride, 1, false},
             Operand<T>{X.data, X.stride, Packing::transposed}, dW, epilogue, scratch);
}

}  // namespace
}  // namespace mlpbench::simd
