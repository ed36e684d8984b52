// Loops over the registers of a tile, written out by the front end.
//
// Included by kernels_*.cpp files; everything has internal linkage.
#pragma once

#include <utility>

namespace mlpbench::simd {
namespace {

/// body<0>(), ..., body<kCount - 1>(). Clang 14 unrolls a plain loop only after it has assigned registers,
/// and then leaves an array of accumulators in memory. Wide products had 28 % of the FMA peak instead of 83 %
/// (AVX-512, float32, 512x784x256).
template <int kCount, typename Body>
[[gnu::always_inline]] inline void unrolled(Body body) {
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    (body.template operator()<i>(), ...);
  }
  (std::make_integer_sequence<int, kCount>());
}

}  // namespace
}  // namespace mlpbench::simd
