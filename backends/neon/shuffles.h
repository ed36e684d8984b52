// Sums over lanes and transposed squares by NEON's shuffles: what lane_sums.h and transpose.h ask of a set.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include <arm_neon.h>

#include <cstddef>

namespace mlpbench::simd {
namespace {

template <typename T>
constexpr std::size_t kSumsAtOnce = 16 / sizeof(T);

/// Lanes 0, 1 of a and of b, and lanes 2, 3 of both.
inline float32x4_t low_halves(float32x4_t a, float32x4_t b) {
  return vreinterpretq_f32_f64(vtrn1q_f64(vreinterpretq_f64_f32(a), vreinterpretq_f64_f32(b)));
}
inline float32x4_t high_halves(float32x4_t a, float32x4_t b) {
  return vreinterpretq_f32_f64(vtrn2q_f64(vreinterpretq_f64_f32(a), vreinterpretq_f64_f32(b)));
}

/// out[i] = scale * sum of the lanes of the Vec at a + i * width, i in [0, count), count <= 4.
inline void lane_sums_at_once(const float* a, std::size_t count, float scale, float* out) {
  float32x4_t four[4];
  for (std::size_t i = 0; i < 4; ++i)
    four[i] = i < count ? Vec<float>::load(a + i * Vec<float>::width).quarters_added() : vdupq_n_f32(0);
  const float32x4_t two[2] = {low_halves(four[0], four[1]) + high_halves(four[0], four[1]),
                              low_halves(four[2], four[3]) + high_halves(four[2], four[3])};
  store_lanes(vdupq_n_f32(scale) * vpaddq_f32(two[0], two[1]), out, static_cast<std::ptrdiff_t>(count));
}

/// The same for count <= 2.
inline void lane_sums_at_once(const double* a, std::size_t count, double scale, double* out) {
  float64x2_t two[2];
  for (std::size_t i = 0; i < 2; ++i)
    two[i] = i < count ? Vec<double>::load(a + i * Vec<double>::width).quarters_added() : vdupq_n_f64(0);
  store_lanes(vdupq_n_f64(scale) * vpaddq_f64(two[0], two[1]), out, static_cast<std::ptrdiff_t>(count));
}

template <typename T>
constexpr std::size_t kSquare = 16 / sizeof(T);

/// to[j * to_stride + i] = from[i * from_stride + j], 4 x 4.
inline void transpose_square(const float* from, std::size_t from_stride, float* to, std::size_t to_stride) {
  float32x4_t row[4];
  for (std::size_t i = 0; i < 4; ++i) row[i] = vld1q_f32(from + i * from_stride);
  const float32x4_t even01 = vtrn1q_f32(row[0], row[1]), odd01 = vtrn2q_f32(row[0], row[1]);
  const float32x4_t even23 = vtrn1q_f32(row[2], row[3]), odd23 = vtrn2q_f32(row[2], row[3]);
  vst1q_f32(to, low_halves(even01, even23));
  vst1q_f32(to + to_stride, low_halves(odd01, odd23));
  vst1q_f32(to + 2 * to_stride, high_halves(even01, even23));
  vst1q_f32(to + 3 * to_stride, high_halves(odd01, odd23));
}

/// The same, 2 x 2.
inline void transpose_square(const double* from, std::size_t from_stride, double* to, std::size_t to_stride) {
  const float64x2_t row[2] = {vld1q_f64(from), vld1q_f64(from + from_stride)};
  vst1q_f64(to, vtrn1q_f64(row[0], row[1]));
  vst1q_f64(to + to_stride, vtrn2q_f64(row[0], row[1]));
}

}  // namespace
}  // namespace mlpbench::simd
