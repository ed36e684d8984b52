#pragma once

#include <algorithm>
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

/// Asks for the rows `samples` of `from`.
template <typename T>
void prefetch_rows(const Matrix<T>& from, std::span<const std::uint32_t> samples) noexcept {
  constexpr std::size_t kLine = 64 / sizeof(T);
  for (const std::uint32_t sample : samples) {
    const T* const row = from.row(sample);
    for (std::size_t j = 0; j < from.cols(); j += kLine) __builtin_prefetch(row + j);
    __builtin_prefetch(row + from.cols() - 1);
  }
}

/// Column first + n of `to` becomes row samples[n] of `from`. Eight rows at a time: each is one contiguous read,
/// and what is written of a row of `to` is half a cache line or a whole one. The rows of a matrix that
/// is not in the second-level cache are prefetched.
template <typename T>
void gather_rows(const Matrix<T>& from, std::span<const std::uint32_t> samples, std::size_t first,
                 Matrix<T>& to) noexcept {
  constexpr std::size_t kTogether = 8, kAhead = 32, kWidth = 16 / sizeof(T), kNear = std::size_t{1} << 18;
  const std::size_t cols = from.cols(), count = samples.size();
  const bool far = from.rows() * cols * sizeof(T) > kNear;
  if (far) prefetch_rows(from, samples.first(std::min(kAhead, count)));
  std::size_t n = 0;
  for (; n + kTogether <= count; n += kTogether) {
    if (far && n + kAhead < count) {
      prefetch_rows(from, samples.subspan(n + kAhead, std::min(kTogether, count - n - kAhead)));
    }
    const T* rows[kTogether];
    for (std::size_t k = 0; k < kTogether; ++k) rows[k] = from.row(samples[n + k]);
    std::size_t j = 0;
    for (; j + kWidth <= cols; j += kWidth) {
      for (std::size_t k = 0; k < kTogether; k += kWidth) {
        GatherVec<T> square[kWidth];
        for (std::size_t i = 0; i < kWidth; ++i) std::memcpy(&square[i], rows[k + i] + j, sizeof square[i]);
        transpose(square);
        for (std::size_t i = 0; i < kWidth; ++i)
          std::memcpy(to.row(j + i) + first + n + k, &square[i], sizeof square[i]);
      }
    }
    for (; j < cols; ++j) {
      T* const out = to.row(j) + first + n;
      for (std::size_t k = 0; k < kTogether; ++k) out[k] = rows[k][j];
    }
  }
  for (; n < count; ++n) {
    const T* const sample = from.row(samples[n]);
    for (std::size_t j = 0; j < cols; ++j) to(j, first + n) = sample[j];
  }
}

}  // namespace mlpbench
