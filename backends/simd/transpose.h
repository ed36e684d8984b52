// Squares transposed in registers, for packing operands whose lanes would otherwise be strided. 256-bit
// shuffles for every instruction set: packing is a few per cent of a product, and AVX-512 includes them.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include <immintrin.h>

#include <cstddef>

namespace mlpbench::simd {
namespace {

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
