// dW = scale * dZ X^T and db = scale * dZ 1 over a Vec, in two forms. X and dZ are both sample-contiguous.
// Lanes that are outputs need a transposed X first. Lanes that are samples need a sum over lanes for every
// element of dW at the end. Which is cheaper depends on the shape alone, never on the instruction set or the
// number of threads: the two forms round differently.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
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
/// that, lanes that are inputs win when the batch fills a few Vecs. The product's tiles reuse what they load
/// six times, and those of sums over lanes two or three times.
template <typename V>
constexpr bool lanes_are_inputs(std::size_t units, std::size_t inputs, std::size_t batch) {
  if (units <= kFusedUnits && inputs <= kFusedInputs) return false;
  const std::size_t by_samples = units * inputs * (parts(batch, V::width) + 3);
  const std::size_t by_inputs = inputs * batch / 4 + units * parts(inputs, V::width) * batch;
  return 2 * by_inputs < 3 * by_samples;
}

/// One register of each of kRows x kCols sums over samples, a Vec of partial sums each. That of row r and
/// column c is at sums + r * sums_stride + c * width. At the start it is taken to be 0.
template <typename V, int kRegister, int kRows, int kCols, typename T>
[[gnu::always_inline]] inline void sample_tile_register(const T* dz, std::size_t dz_stride, const T* x,
                                                        std::size_t x_stride, std::size_t samples, T* sums,
                                                        std::size_t sums_stride, bool at_start) {
  constexpr std::size_t kOffset = std::size_t(kRegister) * V::width / std::size_t(V::registers);
  using Register = typename V::Register;
  Register sum[kRows][kCols];
  const auto at = [&]<int r, int c>() __attribute__((always_inline)) {
    return sums + std::size_t(r) * sums_stride + std::size_t(c) * V::width + kOffset;
  };
  if (at_start) {
    V zero = V::set1(0);
    for_each_sum<kRows, kCols>([&]<int r, int c>() __attribute__((always_inline)) {
      sum[r][c] = zero.template part<kRegister>();
    });
  } else {
    for_each_sum<kRows, kCols>([&]<int r, int c>() __attribute__((always_inline)) {
      sum[r][c] = V::load_register(at.template operator()<r, c>());
    });
  }
  std::size_t n = 0;
  for (; n + V::width <= samples; n += V::width) {
    Register right[kCols];
    unrolled<kCols>([&]<int c>() __attribute__((always_inline)) {
      right[c] = V::load_register(x + std::size_t(c) * x_stride + n + kOffset);
    });
    unrolled<kRows>([&]<int r>() __attribute__((always_inline)) {
      const Register left = V::load_register(dz + std::size_t(r) * dz_stride + n + kOffset);
      unrolled<kCols>([&]<int c>() __attribute__((always_inline)) {
        sum[r][c] = V::fma_register(left, right[c], sum[r][c]);
      });
    });
  }
  if (n < samples) {
    const First part{samples - n};
    V right[kCols];
    unrolled<kCols>([&]<int c>() __attribute__((always_inline)) {
      right[c] = load<V>(x + std::size_t(c) * x_stride + n, part);
    });
    unrolled<kRows>([&]<int r>() __attribute__((always_inline)) {
      V left = load<V>(dz + std::size_t(r) * dz_stride + n, part);
      unrolled<kCols>([&]<int c>() __attribute__((always_inline)) {
        sum[r][c] =
            V::fma_register(left.template part<kRegister>(), right[c].template part<kRegister>(), sum[r][c]);
      });
    });
  }
  for_each_sum<kRows, kCols>([&]<int r, int c>() __attribute__((always_inline)) {
    V::store_register(sum[r][c], at.template operator()<r, c>());
  });
}

/// sums of (r, c) += row r of dZ * row c of X for kRows x kCols elements, each a Vec of partial sums over
/// samples. Register by register, in passes. A tile of whole Vecs has half as many accumulators on AVX2, and
/// loads 10 registers for 12 FMA where this loads 7.
template <typename V, int kRows, int kCols, typename T>
[[gnu::noinline]] void sample_tile(const T* dz, std::size_t dz_stride, const T* x, std::size_t x_stride,
                                   std::size_t samples, T* sums, std::size_t sums_stride, bool at_start) {
  sample_tile_register<V, 0, kRows, kCols>(dz, dz_stride, x, x_stride, samples, sums, sums_stride, at_start);
  if constexpr (V::registers >= 2) {
    sample_tile_register<V, 1, kRows, kCols>(dz, dz_stride, x, x_stride, samples, sums, sums_stride,
                                             at_start);
  }
  if constexpr (V::registers == 4) {
    sample_tile_register<V, 2, kRows, kCols>(dz, dz_stride, x, x_stride, samples, sums, sums_stride,
                                             at_start);
    sample_tile_register<V, 3, kRows, kCols>(dz, dz_stride, x, x_stride, samples, sums, sums_stride,
                                             at_start);
  }
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
    alignas(64) T lanes[std::size_t(kRows * kCols) * V::width];
    sample_tile<V, kRows, kCols>(dZ.data + u * dZ.stride, dZ.stride, X.data + i * X.stride, X.stride, dZ.cols,
                                 lanes, std::size_t(kCols) * V::width, true);
    T sums[kRows * kCols];
    lane_sums<V>(lanes, std::size_t(kRows * kCols), scale, sums);
    for (int r = 0; r < kRows; ++r) {
      T* out = dW.data + (u + std::size_t(r)) * dW.stride + i;
      for (int c = 0; c < kCols; ++c) out[c] = sums[r * kCols + c];
    }
  });
}

/// db[u] = scale * sum of row u of dZ. One row is a chain of additions, so eight go side by side.
template <typename V, typename T>
inline void bias_gradient(MatrixView<const T> dZ, T scale, T* db) {
  constexpr std::size_t kRows = 8;
  std::size_t u = 0;
  for (; u + kRows <= dZ.rows; u += kRows) {
    const T* const row = dZ.data + u * dZ.stride;
    V sum[kRows];
    unrolled<int(kRows)>([&]<int r>() { sum[r] = V::set1(0); });
    for_each_vec<V>(dZ.cols, [&](std::size_t j, auto part) {
      unrolled<int(kRows)>(
          [&]<int r>() { sum[r] = sum[r] + load<V>(row + std::size_t(r) * dZ.stride + j, part); });
    });
    alignas(64) T lanes[kRows * V::width];
    unrolled<int(kRows)>([&]<int r>() { sum[r].store(lanes + std::size_t(r) * V::width); });
    lane_sums<V>(lanes, kRows, scale, db + u);
  }
  scaled_row_sums<V>(MatrixView<const T>{dZ.data + u * dZ.stride, dZ.rows - u, dZ.cols, dZ.stride}, scale,
                     db + u);
}

/// dW may be a block of one of (units x inputs), which decides the form. db may be null.
template <typename V, typename T>
inline void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW, T* db,
                            T* scratch, std::size_t units, std::size_t inputs) {
  if (db != nullptr) bias_gradient<V>(dZ, scale, db);
  if (!lanes_are_inputs<V>(units, inputs, dZ.cols)) return weight_gradient_by_samples<V>(dZ, X, scale, dW);
  Epilogue<T> epilogue;
  epilogue.finish = Finish::scaled;
  epilogue.scale = scale;
  product<V>(dZ.cols, Broadcast<T>{dZ.data, dZ.stride, 1, false},
             Operand<T>{X.data, X.stride, Packing::transposed}, dW, epilogue, scratch);
}

}  // namespace
}  // namespace mlpbench::simd
