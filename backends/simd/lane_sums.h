// Sums over the lanes of many Vecs at once, by a tree of shuffles that they share. Eight sums of AVX2 take
// 29 instructions; one at a time costs 8 x 8. The additions are those of sum_lanes(): lane i + lane i +
// width/2, and so on.
//
// Included by kernels_*.cpp files after their vec.h and shuffles; everything has internal linkage.
#pragma once

#include <cstddef>

namespace mlpbench::simd {
namespace {

/// out[i] = scale * sum of the lanes of the Vec at a + i * width, i in [0, count).
template <typename V, typename T>
inline void lane_sums(const T* a, std::size_t count, T scale, T* out) {
  constexpr std::size_t kAtOnce = kSumsAtOnce<T>;
  for (; count >= kAtOnce; count -= kAtOnce, a += kAtOnce * V::width, out += kAtOnce) {
    lane_sums_at_once(a, kAtOnce, scale, out);
  }
  if (count > 0) lane_sums_at_once(a, count, scale, out);
}

}  // namespace
}  // namespace mlpbench::simd
