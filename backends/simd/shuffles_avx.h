// Sums over lanes and transposed squares by 256-bit shuffles: what lane_sums.h and transpose.h ask of a set.
// AVX-512 includes them, and packing is a few per cent of a product.
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

template <typename T>
constexpr std::size_t kSquare = 32 / sizeof(T);

/// to[j * to_stride + i] = from[i * from_stride + j], 8 x 8. Halves of rows i and i + 4 meet in one register
/// by loads alone, which leaves 16 shuffles instead of 24.
inline void transpose_square(const float* from, std::size_t from_stride, float* to, std::size_t to_stride) {
  for (std::size_t half = 0; half < 2; ++half) {
    __m256 row[4];
    for (std::size_t i = 0; i < 4; ++i) {
      const float* p = from + i * from_stride + 4 * half;
      row[i] =
          _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)), _mm_loadu_ps(p + 4 * from_stride), 1);
    }
    const __m256 t0 = _mm256_unpacklo_ps(row[0], row[1]), t1 = _mm256_unpackhi_ps(row[0], row[1]);
    const __m256 t2 = _mm256_unpacklo_ps(row[2], row[3]), t3 = _mm256_unpackhi_ps(row[2], row[3]);
    float* q = to + 4 * half * to_stride;
    _mm256_storeu_ps(q, _mm256_shuffle_ps(t0, t2, 0x44));
    _mm256_storeu_ps(q + to_stride, _mm256_shuffle_ps(t0, t2, 0xee));
    _mm256_storeu_ps(q + 2 * to_stride, _mm256_shuffle_ps(t1, t3, 0x44));
    _mm256_storeu_ps(q + 3 * to_stride, _mm256_shuffle_ps(t1, t3, 0xee));
  }
}

/// The same, 4 x 4.
inline void transpose_square(const double* from, std::size_t from_stride, double* to, std::size_t to_stride) {
  for (std::size_t half = 0; half < 2; ++half) {
    __m256d row[2];
    for (std::size_t i = 0; i < 2; ++i) {
      const double* p = from + i * from_stride + 2 * half;
      row[i] =
          _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(p)), _mm_loadu_pd(p + 2 * from_stride), 1);
    }
    double* q = to + 2 * half * to_stride;
    _mm256_storeu_pd(q, _mm256_unpacklo_pd(row[0], row[1]));
    _mm256_storeu_pd(q + to_stride, _mm256_unpackhi_pd(row[0], row[1]));
  }
}

}  // namespace
}  // namespace mlpbench::simd
