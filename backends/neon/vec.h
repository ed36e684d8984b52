// Vec<T>: one cache line of lanes, 16 float or 8 double, as four NEON registers. Lanes and operations are
// those of the AVX2 and AVX-512 backends' Vec, so a template over Vec rounds alike on ARM and on x86-64.
#pragma once

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>

namespace mlpbench::simd {
namespace {

// What NEON names by type. Registers of float and double also have the operators of compiler vectors.
inline float32x4_t load_register(const float* p) { return vld1q_f32(p); }
inline float64x2_t load_register(const double* p) { return vld1q_f64(p); }
inline void store_register(float32x4_t v, float* p) { vst1q_f32(p, v); }
inline void store_register(float64x2_t v, double* p) { vst1q_f64(p, v); }
inline float32x4_t in_all_lanes(float x) { return vdupq_n_f32(x); }
inline float64x2_t in_all_lanes(double x) { return vdupq_n_f64(x); }
inline float32x4_t fused(float32x4_t a, float32x4_t b, float32x4_t c) { return vfmaq_f32(c, a, b); }
inline float64x2_t fused(float64x2_t a, float64x2_t b, float64x2_t c) { return vfmaq_f64(c, a, b); }
inline float32x4_t fused_negated(float32x4_t a, float32x4_t b, float32x4_t c) { return vfmsq_f32(c, a, b); }
inline float64x2_t fused_negated(float64x2_t a, float64x2_t b, float64x2_t c) { return vfmsq_f64(c, a, b); }
inline float32x4_t square_root_of(float32x4_t v) { return vsqrtq_f32(v); }
inline float64x2_t square_root_of(float64x2_t v) { return vsqrtq_f64(v); }
inline float32x4_t magnitude_of(float32x4_t v) { return vabsq_f32(v); }
inline float64x2_t magnitude_of(float64x2_t v) { return vabsq_f64(v); }
inline int32x4_t bits_of(float32x4_t v) { return vreinterpretq_s32_f32(v); }
inline int64x2_t bits_of(float64x2_t v) { return vreinterpretq_s64_f64(v); }
inline float32x4_t from_bits(int32x4_t v) { return vreinterpretq_f32_s32(v); }
inline float64x2_t from_bits(int64x2_t v) { return vreinterpretq_f64_s64(v); }
inline float32x4_t as_number(int32x4_t v) { return vcvtq_f32_s32(v); }
inline float64x2_t as_number(int64x2_t v) { return vcvtq_f64_s64(v); }
inline float32x4_t chosen(int32x4_t mask, float32x4_t yes, float32x4_t no) {
  return vbslq_f32(vreinterpretq_u32_s32(mask), yes, no);
}
inline float64x2_t chosen(int64x2_t mask, float64x2_t yes, float64x2_t no) {
  return vbslq_f64(vreinterpretq_u64_s64(mask), yes, no);
}
inline float32x4_t larger(float32x4_t a, float32x4_t b) { return vmaxq_f32(a, b); }
inline float64x2_t larger(float64x2_t a, float64x2_t b) { return vmaxq_f64(a, b); }
inline float32x4_t smaller(float32x4_t a, float32x4_t b) { return vminq_f32(a, b); }
inline float64x2_t smaller(float64x2_t a, float64x2_t b) { return vminq_f64(a, b); }
inline float largest_lane(float32x4_t v) { return vmaxvq_f32(v); }
inline double largest_lane(float64x2_t v) { return vmaxvq_f64(v); }
inline float smallest_lane(float32x4_t v) { return vminvq_f32(v); }
inline double smallest_lane(float64x2_t v) { return vminvq_f64(v); }
inline bool is_all_ones(int32x4_t mask) { return vminvq_u32(vreinterpretq_u32_s32(mask)) != 0; }
inline bool is_all_ones(int64x2_t mask) { return is_all_ones(vreinterpretq_s32_s64(mask)); }
inline float sum_of(float32x4_t v) {
  const float32x2_t two = vget_low_f32(v) + vget_high_f32(v);
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}
inline double sum_of(float64x2_t v) { return vgetq_lane_f64(v, 0) + vgetq_lane_f64(v, 1); }

/// The first n numbers at p, and 0 behind them; n is clamped to what a register holds. Reads nothing beyond.
[[gnu::always_inline]] inline float32x4_t load_lanes(const float* p, std::ptrdiff_t n) {
  if (n >= 4) return vld1q_f32(p);
  const float32x2_t zero = vdup_n_f32(0);
  if (n <= 0) return vcombine_f32(zero, zero);
  if (n == 1) return vcombine_f32(vld1_lane_f32(p, zero, 0), zero);
  return vcombine_f32(vld1_f32(p), n == 2 ? zero : vld1_lane_f32(p + 2, zero, 0));
}
[[gnu::always_inline]] inline float64x2_t load_lanes(const double* p, std::ptrdiff_t n) {
  if (n >= 2) return vld1q_f64(p);
  const float64x2_t zero = vdupq_n_f64(0);
  return n <= 0 ? zero : vld1q_lane_f64(p, zero, 0);
}
[[gnu::always_inline]] inline void store_lanes(float32x4_t v, float* p, std::ptrdiff_t n) {
  if (n >= 4) return vst1q_f32(p, v);
  if (n >= 2) vst1_f32(p, vget_low_f32(v));
  if (n == 3) vst1q_lane_f32(p + 2, v, 2);
  if (n == 1) vst1q_lane_f32(p, v, 0);
}
[[gnu::always_inline]] inline void store_lanes(float64x2_t v, double* p, std::ptrdiff_t n) {
  if (n >= 2) return vst1q_f64(p, v);
  if (n == 1) vst1q_lane_f64(p, v, 0);
}

/// All bits of the lanes that are below n.
inline int32x4_t first_lanes(std::ptrdiff_t n, int32x4_t) {
  return int32x4_t{0, 1, 2, 3} < vdupq_n_s32(static_cast<std::int32_t>(n));
}
inline int64x2_t first_lanes(std::ptrdiff_t n, int64x2_t) { return int64x2_t{0, 1} < vdupq_n_s64(n); }

/// A number that an FMA multiplies all lanes by, read from a lane of a register. The empty statement hides
/// from GCC 12 that it comes from memory. GCC loads some into all lanes (ld1r), which takes a vector unit
/// too.
inline float32x2_t multiplier(float x) {
  float32x2_t lane;
  asm("" : "=w"(lane) : "0"(x));
  return lane;
}
inline float64x1_t multiplier(double x) {
  float64x1_t lane;
  asm("" : "=w"(lane) : "0"(x));
  return lane;
}
inline float32x4_t fused_by_lane(float32x2_t a, float32x4_t b, float32x4_t c) {
  return vfmaq_lane_f32(c, b, a, 0);
}
inline float64x2_t fused_by_lane(float64x1_t a, float64x2_t b, float64x2_t c) {
  return vfmaq_lane_f64(c, b, a, 0);
}

template <typename T>
struct Vec {
  using Scalar = T;
  using Register = decltype(simd::load_register(static_cast<const T*>(nullptr)));
  using Bits = decltype(bits_of(Register{}));
  struct Mask {
    Bits v[4];
  };
  static constexpr std::size_t width = 64 / sizeof(T);

  /// The product tile: 6 rows x 1 Vec is 24 accumulators. 4 registers hold the Vec that is loaded, and the
  /// multipliers take the other 4 of 32. 24 chains cover the latency of four FMA a cycle (4 cycles: 16).
  static constexpr int tile_vecs = 6;
  static constexpr int max_tile_rows = 6, narrow_tile_rows = 6;

  /// Steps of k between two visits to C: as for AVX2. Small cores have a first-level cache of 32 KiB.
  static constexpr std::size_t block_k = 256;

  /// The tile of sums over samples, counted in registers: 20 accumulators, 4 + 1 loaded ones.
  static constexpr int sample_tile_rows = 5, sample_tile_cols = 4;

  /// Vecs a tile of the fused step is wide: as many accumulators as the product tile.
  static constexpr int fused_tile_vecs = 1;

  Register v[4];

  static constexpr bool has_fma = true;
  static constexpr int registers = 4;
  static Register load_register(const T* p) { return simd::load_register(p); }
  static void store_register(Register r, T* p) { simd::store_register(r, p); }
  static Register fma_register(Register a, Register b, Register c) { return fused(a, b, c); }
  template <int kRegister>
  Register& part() {
    return v[kRegister];
  }

  static Vec set1(T x) { return {{in_all_lanes(x), in_all_lanes(x), in_all_lanes(x), in_all_lanes(x)}}; }
  static Vec load(const T* p) {
    return made([p](std::size_t first, int) { return simd::load_register(p + first); });
  }
  static Vec load_first(const T* p, std::size_t n) {
    return made([&](std::size_t first, int) { return load_lanes(p + first, left(n, first)); });
  }
  /// v in the first n lanes, 0 in the others.
  static Vec keep_first(Vec a, std::size_t n) {
    return made([&](std::size_t first, int i) {
      return from_bits(bits_of(a.v[i]) & first_lanes(left(n, first), Bits{}));
    });
  }
  void store(T* p) const {
    for_each_register([&](std::size_t first, int i) { simd::store_register(v[i], p + first); });
  }
  void store_first(T* p, std::size_t n) const {
    for_each_register([&](std::size_t first, int i) { store_lanes(v[i], p + first, left(n, first)); });
  }

  friend Vec operator+(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return a.v[i] + b.v[i]; });
  }
  friend Vec operator-(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return a.v[i] - b.v[i]; });
  }
  friend Vec operator*(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return a.v[i] * b.v[i]; });
  }
  friend Vec operator/(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return a.v[i] / b.v[i]; });
  }
  friend Vec square_root(Vec a) {
    return made([&](std::size_t, int i) { return square_root_of(a.v[i]); });
  }
  friend Vec fma(Vec a, Vec b, Vec c) {
    return made([&](std::size_t, int i) { return fused(a.v[i], b.v[i], c.v[i]); });
  }
  friend Vec fnma(Vec a, Vec b, Vec c) {
    return made([&](std::size_t, int i) { return fused_negated(a.v[i], b.v[i], c.v[i]); });
  }

  /// What a product multiplies a Vec by.
  using Splat = decltype(multiplier(T{}));
  static Splat splat(T x) { return multiplier(x); }
  friend Vec fma(Splat a, Vec b, Vec c) {
    return made([&](std::size_t, int i) { return fused_by_lane(a, b.v[i], c.v[i]); });
  }

  /// The lanes whose sign bit is set.
  friend Mask negative(Vec a) {
    return mask_of([&](int i) { return bits_of(a.v[i]) < 0; });
  }
  friend Mask less(Vec a, Vec b) {
    return mask_of([&](int i) { return a.v[i] < b.v[i]; });
  }
  friend Mask equal(Vec a, Vec b) {
    return mask_of([&](int i) { return a.v[i] == b.v[i]; });
  }
  static Mask either(Mask a, Mask b) {
    return mask_of([&](int i) { return a.v[i] | b.v[i]; });
  }
  static bool all_lanes(Mask m) { return is_all_ones(m.v[0] & m.v[1] & m.v[2] & m.v[3]); }
  friend Vec select(Mask m, Vec yes, Vec no) {
    return made([&](std::size_t, int i) { return chosen(m.v[i], yes.v[i], no.v[i]); });
  }
  /// As maxps and minps: NEON's own instructions keep a NaN of either operand, and tell -0 from 0.
  friend Vec max_or_second(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return chosen(a.v[i] > b.v[i], a.v[i], b.v[i]); });
  }
  friend Vec min_or_second(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return chosen(a.v[i] < b.v[i], a.v[i], b.v[i]); });
  }

  friend Vec abs(Vec a) {
    return made([&](std::size_t, int i) { return magnitude_of(a.v[i]); });
  }
  /// |magnitude| with the sign of `sign`, for a magnitude whose sign bit is 0.
  friend Vec copy_sign(Vec magnitude, Vec sign) { return bit_or(magnitude, bit_and(sign, set1(T(-0.0)))); }

  /// What elementary.h asks of a set: without scalef, a fast path for ordinary numbers and tests for them.
  static constexpr bool has_scalef = false;
  /// Whether every |x| < limit; NaN is not, and stays in a maximum.
  static bool all_below(Vec x, T limit) {
    const Vec a = abs(x);
    return largest_lane(larger(larger(a.v[0], a.v[1]), larger(a.v[2], a.v[3]))) < limit;
  }
  /// Whether every x is a positive normal number; NaN stays in a minimum.
  static bool all_normal(Vec x) {
    const T least = smallest_lane(smaller(smaller(x.v[0], x.v[1]), smaller(x.v[2], x.v[3])));
    const T most = largest_lane(larger(larger(x.v[0], x.v[1]), larger(x.v[2], x.v[3])));
    return least >= (sizeof(T) == 4 ? T(0x1p-126) : T(0x1p-1022)) && most < T(__builtin_inf());
  }
  /// x = 2^exponent fraction, 3/4 <= fraction < 3/2, of positive normal numbers.
  static void split(Vec x, Vec& exponent, Vec& fraction) {
    constexpr int kMantissaBits = sizeof(T) == 4 ? 23 : 52;
    for_each_register([&](std::size_t, int i) {
      const Bits n = (bits_of(x.v[i]) - bits_of(in_all_lanes(T(0.75)))) >> kMantissaBits;
      fraction.v[i] = from_bits(bits_of(x.v[i]) - (n << kMantissaBits));
      exponent.v[i] = as_number(n);
    });
  }

  friend Vec bit_and(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return from_bits(bits_of(a.v[i]) & bits_of(b.v[i])); });
  }
  friend Vec bit_or(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return from_bits(bits_of(a.v[i]) | bits_of(b.v[i])); });
  }
  friend Vec add_bits(Vec a, Vec b) {
    return made([&](std::size_t, int i) { return from_bits(bits_of(a.v[i]) + bits_of(b.v[i])); });
  }
  template <int kCount>
  static Vec shift_left(Vec a) {
    return made([&](std::size_t, int i) { return from_bits(bits_of(a.v[i]) << kCount); });
  }

  /// Lane i + lane i + width/2, and the same of the halves: one register.
  Register quarters_added() const { return (v[0] + v[2]) + (v[1] + v[3]); }
  friend T sum_lanes(Vec a) { return sum_of(a.quarters_added()); }

 private:
  static constexpr std::size_t kLanes = 16 / sizeof(T);  ///< of a register

  static auto left(std::size_t n, std::size_t first) {
    return static_cast<std::ptrdiff_t>(n) - static_cast<std::ptrdiff_t>(first);
  }
  /// body(first lane, register) for the four registers.
  template <typename Body>
  [[gnu::always_inline]] static void for_each_register(Body body) {
    body(0, 0);
    body(kLanes, 1);
    body(2 * kLanes, 2);
    body(3 * kLanes, 3);
  }
  template <typename Body>
  [[gnu::always_inline]] static Vec made(Body body) {
    return {{body(0, 0), body(kLanes, 1), body(2 * kLanes, 2), body(3 * kLanes, 3)}};
  }
  template <typename Body>
  [[gnu::always_inline]] static Mask mask_of(Body body) {
    return {{body(0), body(1), body(2), body(3)}};
  }
};

}  // namespace
}  // namespace mlpbench::simd
