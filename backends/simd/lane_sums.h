// Sums over the lanes of many Vecs at once: a tree of shuffles that they share, 29 instructions for eight
// sums where one at a time costs 8 x 8. The additions are those of sum_lanes(): lane i + lane i + width/2,
// and so on.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include <immintrin.h>

#include <cstddef>

namespace mlpbench::simd {
namespace {

template <typename T>
constexpr std::size_t kSumsAtOnce = 32 / sizeof(T);

/// out[i] = scale * sum of the lanes of the Vec at a + i * width, i in [0, count), count <= 8.
inline void lane_sums_at_once(const float* a, std::size_t count, float scale, float* out) {
  __m256 half[8];
  for (std::size_t i = 0; i < 8; ++i)
    half[i] = i < count ? Vec<float>::load(a + i * Vec<float>::width).halves_added() : _mm256_setzero_ps();
  __m256d four[4];
  for (std::size_t i = 0; i < 4; ++i) {
    four[i] = _mm256_castps_pd(_mm256_add_ps(_mm256_permute2f128_ps(half[i], half[i + 4], 0x20),
                                             _mm256_permute2f128_ps(half[i], half[i + 4], 0x31)));
  }
  __m256 two[2];
  for (std::size_t i = 0; i < 2; ++i) {
    two[i] = _mm256_add_ps(_mm256_castpd_ps(_mm256_unpacklo_pd(four[2 * i], four[2 * i + 1])),
                           _mm256_castpd_ps(_mm256_unpackhi_pd(four[2 * i], four[2 * i + 1])));
  }
  const __m256 sums = _mm256_mul_ps(
      _mm256_set1_ps(scale),
      _mm256_add_ps(_mm256_shuffle_ps(two[0], two[1], 0x88), _mm256_shuffle_ps(two[0], two[1], 0xdd)));
  if (count == 8) return _mm256_storeu_ps(out, sums);
  float each[8];
  _mm256_storeu_ps(each, sums);
  for (std::size_t i = 0; i < count; ++i) out[i] = each[i];
}

/// The same for count <= 4.
inline void lane_sums_at_once(const double* a, std::size_t count, double scale, double* out) {
  __m256d half[4];
  for (std::size_t i = 0; i < 4; ++i)
    half[i] = i < count ? Vec<double>::load(a + i * Vec<double>::width).halves_added() : _mm256_setzero_pd();
  __m256d two[2];
  for (std::size_t i = 0; i < 2; ++i) {
    two[i] = _mm256_add_pd(_mm256_permute2f128_pd(half[i], half[i + 2], 0x20),
                           _mm256_permute2f128_pd(half[i], half[i + 2], 0x31));
  }
  const __m256d sums =
      _mm256_mul_pd(_mm256_set1_pd(scale),
                    _mm256_add_pd(_mm256_unpacklo_pd(two[0], two[1]), _mm256_unpackhi_pd(two[0], two[1])));
  if (count == 4) return _mm256_storeu_pd(out, sums);
  double each[4];
  _mm256_storeu_pd(each, sums);
  for (std::size_t i = 0; i < count; ++i) out[i] = each[i];
}

/// The same for any count.
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
