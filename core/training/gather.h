#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "core/matrix.h"

namespace mlpbench {

/// Four floats or two doubles: x86-64's baseline.
template <typename T>
using GatherVec [[gnu::vector_size(16)]] = T;

/// A square of float or double rows, transposed in registers.
inline void transpose(GatherVec<float> (&v)[4]) noexcept {
  const auto low02 = __builtin_shufflevector(v[0], v[2], 0, 4, 1, 5);
  const auto low13 = __builtin_shufflevector(v[1], v[3], 0, 4, 1, 5);
  const auto high02 = __builtin_shufflevector(v[0], v[2], 2, 6, 3, 7);
  const auto high13 = __builtin_shufflevector(v[1], v[3], 2, 6, 3, 7);
  v[0] = __builtin_shufflevector(low02, low13, 0, 4, 1, 5);
  v[1] = __builtin_shufflevector(low02, low13, 2, 6, 3, 7);
  v[2] = __builtin_shufflevector(high02, high13, 0, 4, 1, 5);
  v[3] = __builtin_shufflevector(high02, high13, 2, 6, 3, 7);
}

inline void transpose(GatherVec<double> (&v)[2]) noexcept {
  const auto first = __builtin_shufflevector(v[0], v[1], 0, 2);
  v[1] = __builtin_shufflevector(v[0], v[1], 1, 3);
  v[0] = first;
}

template <typename T>
inline constexpr std::size_t kGatherWidth = sizeof(GatherVec<T>) / sizeof(T);

/// The numbers of a row that holds `count`: whole vectors, on no more cache lines than they need.
template <typename T>
constexpr std::size_t gathered_stride(std::size_t count) noexcept {
  constexpr std::size_t kLine = kAlignment / sizeof(T);
  return count < kLine ? std::max(std::bit_ceil(count), kGatherWidth<T>) : round_up(count, kLine);
}

/// Asks for the rows `samples` of `from`.
template <typename T>
void prefetch_rows(const Matrix<T>& from, std::span<const std::uint32_t> samples) noexcept {
  for (const std::uint32_t sample : samples) {
    const T* const row = from.row(sample);
    for (std::size_t j = 0; j < from.cols(); j += kAlignment / sizeof(T)) __builtin_prefetch(row + j);
  }
}

/// Rows that are read together.
inline constexpr std::size_t kGathered = 8;

/// Columns `column` and on of X and, below it, of Y become `rows`, whose strides are gathered_stride().
template <typename T>
void transpose_rows(const T* const (&rows)[kGathered], std::size_t column, Matrix<T>& X,
                    Matrix<T>& Y) noexcept {
  constexpr std::size_t kWidth = kGatherWidth<T>;
  const std::size_t total = X.rows() + Y.rows();
  for (std::size_t j = 0; j < total; j += kWidth) {
    const std::size_t outs = std::min(kWidth, total - j);
    T* out[kWidth];
    for (std::size_t i = 0; i < outs; ++i) {
      out[i] = (j + i < X.rows() ? X.row(j + i) : Y.row(j + i - X.rows())) + column;
    }
    for (std::size_t k = 0; k < kGathered; k += kWidth) {
      GatherVec<T> square[kWidth];
      for (std::size_t i = 0; i < kWidth; ++i) std::memcpy(&square[i], rows[k + i] + j, sizeof square[i]);
      transpose(square);
      for (std::size_t i = 0; i < kWidth; ++i) {
        if (i < outs) std::memcpy(out[i] + k, &square[i], sizeof square[i]);
      }
    }
  }
}

/// Column first + n of X and, below it, of Y becomes row samples[n] of `from`: X.rows() numbers, then
/// Y.rows(). The columns of `from` are gathered_stride(X.rows() + Y.rows()).
/// Eight rows at a time: each is read as a whole, and what is written of a row of X is half a cache line
/// or a whole one. Rows that the second-level cache may not hold are prefetched.
template <typename T>
void gather_rows(const Matrix<T>& from, std::span<const std::uint32_t> samples, std::size_t first,
                 Matrix<T>& X, Matrix<T>& Y) noexcept {
  constexpr std::size_t kAhead = 4 * kGathered, kNear = std::size_t{1} << 18;
  const std::size_t count = samples.size();
  const bool far = from.rows() * from.cols() * sizeof(T) > kNear;
  if (far) prefetch_rows(from, samples.first(std::min(kAhead, count)));
  std::size_t n = 0;
  for (; n + kGathered <= count; n += kGathered) {
    if (far && n + kAhead < count) {
      prefetch_rows(from, samples.subspan(n + kAhead, std::min(kGathered, count - n - kAhead)));
    }
    const T* rows[kGathered];
    for (std::size_t k = 0; k < kGathered; ++k) rows[k] = from.row(samples[n + k]);
    transpose_rows(rows, first + n, X, Y);
  }
  for (; n < count; ++n) {
    const T* const sample = from.row(samples[n]);
    for (std::size_t j = 0; j < X.rows(); ++j) X(j, first + n) = sample[j];
    for (std::size_t j = 0; j < Y.rows(); ++j) Y(j, first + n) = sample[X.rows() + j];
  }
}

}  // namespace mlpbench
