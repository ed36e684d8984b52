// Vec<T>: one cache line of lanes, 16 float or 8 double, as two AVX2 registers. The AVX-512 backend's Vec has
// the same lanes in one register, so a template over Vec rounds alike on both.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace mlpbench::simd {
namespace {

/// v, which GCC 12 may now not load again for every use. GCC folds a load into each FMA that has room for a
/// memory operand, and the loads become the limit. The sample tile then has 15 instead of 7 loads for 12 FMA.
template <typename Register>
inline Register kept(Register v) {
  asm("" : "+x"(v));
  return v;
}

template <typename T>
struct Vec;

/// Lanes [0, n) of a register of eight 32-bit lanes, n clamped to 0..8.
inline __m256i first_lanes_32(std::ptrdiff_t n) {
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), index);
}

/// Lanes [0, n) of a register of four 64-bit lanes.
inline __m256i first_lanes_64(std::ptrdiff_t n) {
  const __m256i index = _mm256_setr_epi64x(0, 1, 2, 3);
  return _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), index);
}

template <>
struct Vec<float> {
  using Scalar = float;
  struct Mask {
    __m256 lo, hi;
  };
  static constexpr std::size_t width = 16;

  /// The product tile: 6 rows x 1 Vec is 12 accumulators. That leaves 2 registers for the Vec that is loaded
  /// and 1 for the broadcast, 15 of 16. 12 chains cover the latency of two FMA a cycle (4 cycles: 8 chains).
  static constexpr int tile_vecs = 6;
  static constexpr int max_tile_rows = 6, narrow_tile_rows = 6;

  /// Steps of k between two visits to C. A panel of one Vec is then 16 KiB. A first-level cache of 32 KiB has
  /// room for the rows of the other operand (6 KiB) too. A whole k, and B in place, were 2 to 6 % slower.
  static constexpr std::size_t block_k = 256;

  /// The tile of sums over samples, counted in registers: 12 accumulators, 3 + 1 loaded ones.
  static constexpr int sample_tile_rows = 4, sample_tile_cols = 3;

  /// Vecs a tile of the fused step is wide: as many accumulators.
  static constexpr int fused_tile_vecs = 1;

  __m256 lo, hi;

  using Register = __m256;
  static constexpr bool has_fma = true, masks_are_free = false;
  static constexpr int registers = 2;
  static Register load_register(const float* p) { return kept(_mm256_loadu_ps(p)); }
  static void store_register(Register v, float* p) { _mm256_storeu_ps(p, v); }
  static Register fma_register(Register a, Register b, Register c) { return _mm256_fmadd_ps(a, b, c); }
  template <int kRegister>
  Register& part() {
    return kRegister == 0 ? lo : hi;
  }

  static Vec set1(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
  static Vec load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
  static Vec load_first(const float* p, std::size_t n) {
    const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(n);
    return {_mm256_maskload_ps(p, first_lanes_32(count)),
            _mm256_maskload_ps(p + 8, first_lanes_32(count - 8))};
  }
  /// v in the first n lanes, 0 in the others.
  static Vec keep_first(Vec v, std::size_t n) {
    const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(n);
    return {_mm256_and_ps(v.lo, _mm256_castsi256_ps(first_lanes_32(count))),
            _mm256_and_ps(v.hi, _mm256_castsi256_ps(first_lanes_32(count - 8)))};
  }
  void store(float* p) const {
    _mm256_storeu_ps(p, lo);
    _mm256_storeu_ps(p + 8, hi);
  }
  void store_first(float* p, std::size_t n) const {
    const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(n);
    _mm256_maskstore_ps(p, first_lanes_32(count), lo);
    _mm256_maskstore_ps(p + 8, first_lanes_32(count - 8), hi);
  }

  friend Vec operator+(Vec a, Vec b) { return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)}; }
  friend Vec operator-(Vec a, Vec b) { return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)}; }
  friend Vec operator*(Vec a, Vec b) { return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)}; }
  friend Vec operator/(Vec a, Vec b) { return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)}; }
  friend Vec square_root(Vec a) { return {_mm256_sqrt_ps(a.lo), _mm256_sqrt_ps(a.hi)}; }
  friend Vec fma(Vec a, Vec b, Vec c) {
    return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
  }
  friend Vec fnma(Vec a, Vec b, Vec c) {
    return {_mm256_fnmadd_ps(a.lo, b.lo, c.lo), _mm256_fnmadd_ps(a.hi, b.hi, c.hi)};
  }

  using Splat = Vec;
  static Splat splat(float x) { return set1(x); }  ///< what a product multiplies a Vec by
  /// The lanes whose sign bit is set; only for select().
  friend Mask negative(Vec a) { return {a.lo, a.hi}; }
  friend Mask less(Vec a, Vec b) {
    return {_mm256_cmp_ps(a.lo, b.lo, _CMP_LT_OQ), _mm256_cmp_ps(a.hi, b.hi, _CMP_LT_OQ)};
  }
  friend Mask equal(Vec a, Vec b) {
    return {_mm256_cmp_ps(a.lo, b.lo, _CMP_EQ_OQ), _mm256_cmp_ps(a.hi, b.hi, _CMP_EQ_OQ)};
  }
  static Mask either(Mask a, Mask b) { return {_mm256_or_ps(a.lo, b.lo), _mm256_or_ps(a.hi, b.hi)}; }
  static bool all_lanes(Mask m) { return _mm256_movemask_ps(_mm256_and_ps(m.lo, m.hi)) == 255; }
  friend Vec select(Mask m, Vec yes, Vec no) {
    return {_mm256_blendv_ps(no.lo, yes.lo, m.lo), _mm256_blendv_ps(no.hi, yes.hi, m.hi)};
  }
  friend Vec max_or_second(Vec a, Vec b) { return {_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)}; }
  friend Vec min_or_second(Vec a, Vec b) { return {_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)}; }

  static Register without_sign(Register v) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), v); }
  friend Vec abs(Vec a) { return {without_sign(a.lo), without_sign(a.hi)}; }
  /// |magnitude| with the sign of `sign`, for a magnitude whose sign bit is 0.
  friend Vec copy_sign(Vec magnitude, Vec sign) { return bit_or(magnitude, bit_and(sign, set1(-0.0f))); }

  /// What elementary.h asks of a set: without scalef, a fast path for ordinary numbers and tests for them.
  static constexpr bool has_scalef = false;
  /// Whether every |x| < limit; NaN is not. On integers: max_ps drops NaN.
  static bool all_below(Vec x, float limit) {
    const Vec a = abs(x);
    const __m256i largest = _mm256_max_epi32(bits(a.lo), bits(a.hi));
    return _mm256_movemask_epi8(_mm256_cmpgt_epi32(bits(_mm256_set1_ps(limit)), largest)) == -1;
  }
  /// Whether every x is a positive normal number.
  static bool all_normal(Vec x) {
    const __m256i first = _mm256_set1_epi32(0x00800000), count = _mm256_set1_epi32(0x7effffff);
    const __m256i offset =
        _mm256_max_epu32(_mm256_sub_epi32(bits(x.lo), first), _mm256_sub_epi32(bits(x.hi), first));
    return _mm256_movemask_epi8(_mm256_cmpeq_epi32(_mm256_min_epu32(offset, count), offset)) == -1;
  }
  /// x = 2^exponent fraction, 3/4 <= fraction < 3/2, of positive normal numbers.
  static void split(Vec x, Vec& exponent, Vec& fraction) {
    const auto split_one = [](__m256 a, __m256& e, __m256& m) {
      const __m256i n = _mm256_srai_epi32(_mm256_sub_epi32(bits(a), bits(_mm256_set1_ps(0.75f))), 23);
      m = _mm256_castsi256_ps(_mm256_sub_epi32(bits(a), _mm256_slli_epi32(n, 23)));
      e = _mm256_cvtepi32_ps(n);
    };
    split_one(x.lo, exponent.lo, fraction.lo);
    split_one(x.hi, exponent.hi, fraction.hi);
  }

  friend Vec bit_and(Vec a, Vec b) { return {_mm256_and_ps(a.lo, b.lo), _mm256_and_ps(a.hi, b.hi)}; }
  friend Vec bit_or(Vec a, Vec b) { return {_mm256_or_ps(a.lo, b.lo), _mm256_or_ps(a.hi, b.hi)}; }
  friend Vec add_bits(Vec a, Vec b) {
    return from_bits(_mm256_add_epi32(bits(a.lo), bits(b.lo)), _mm256_add_epi32(bits(a.hi), bits(b.hi)));
  }
  template <int kCount>
  static Vec shift_left(Vec a) {
    return from_bits(_mm256_slli_epi32(bits(a.lo), kCount), _mm256_slli_epi32(bits(a.hi), kCount));
  }

  __m256 halves_added() const { return _mm256_add_ps(lo, hi); }
  friend float sum_lanes(Vec a) {
    const __m256 eight = a.halves_added();
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
  }

 private:
  static __m256i bits(__m256 v) { return _mm256_castps_si256(v); }
  static Vec from_bits(__m256i lo, __m256i hi) { return {_mm256_castsi256_ps(lo), _mm256_castsi256_ps(hi)}; }
};

template <>
struct Vec<double> {
  using Scalar = double;
  struct Mask {
    __m256d lo, hi;
  };
  static constexpr std::size_t width = 8;
  static constexpr int tile_vecs = 6;
  static constexpr int max_tile_rows = 6, narrow_tile_rows = 6;
  static constexpr std::size_t block_k = 256;
  static constexpr int sample_tile_rows = 4, sample_tile_cols = 3;
  static constexpr int fused_tile_vecs = 1;
  __m256d lo, hi;
  using Register = __m256d;
  static constexpr bool has_fma = true, masks_are_free = false;
  static constexpr int registers = 2;
  static Register load_register(const double* p) { return kept(_mm256_loadu_pd(p)); }
  static void store_register(Register v, double* p) { _mm256_storeu_pd(p, v); }
  static Register fma_register(Register a, Register b, Register c) { return _mm256_fmadd_pd(a, b, c); }
  template <int kRegister>
  Register& part() {
    return kRegister == 0 ? lo : hi;
  }

  static Vec set1(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
  static Vec load(const double* p) { return {_mm256_loadu_pd(p), _mm256_loadu_pd(p + 4)}; }
  static Vec load_first(const double* p, std::size_t n) {
    const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(n);
    return {_mm256_maskload_pd(p, first_lanes_64(count)),
            _mm256_maskload_pd(p + 4, first_lanes_64(count - 4))};
  }
  /// v in the first n lanes, 0 in the others.
  static Vec keep_first(Vec v, std::size_t n) {
    const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(n);
    return {_mm256_and_pd(v.lo, _mm256_castsi256_pd(first_lanes_64(count))),
            _mm256_and_pd(v.hi, _mm256_castsi256_pd(first_lanes_64(count - 4)))};
  }
  void store(double* p) const {
    _mm256_storeu_pd(p, lo);
    _mm256_storeu_pd(p + 4, hi);
  }
  void store_first(double* p, std::size_t n) const {
    const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(n);
    _mm256_maskstore_pd(p, first_lanes_64(count), lo);
    _mm256_maskstore_pd(p + 4, first_lanes_64(count - 4), hi);
  }

  friend Vec operator+(Vec a, Vec b) { return {_mm256_add_pd(a.lo, b.lo), _mm256_add_pd(a.hi, b.hi)}; }
  friend Vec operator-(Vec a, Vec b) { return {_mm256_sub_pd(a.lo, b.lo), _mm256_sub_pd(a.hi, b.hi)}; }
  friend Vec operator*(Vec a, Vec b) { return {_mm256_mul_pd(a.lo, b.lo), _mm256_mul_pd(a.hi, b.hi)}; }
  friend Vec operator/(Vec a, Vec b) { return {_mm256_div_pd(a.lo, b.lo), _mm256_div_pd(a.hi, b.hi)}; }
  friend Vec square_root(Vec a) { return {_mm256_sqrt_pd(a.lo), _mm256_sqrt_pd(a.hi)}; }
  friend Vec fma(Vec a, Vec b, Vec c) {
    return {_mm256_fmadd_pd(a.lo, b.lo, c.lo), _mm256_fmadd_pd(a.hi, b.hi, c.hi)};
  }
  friend Vec fnma(Vec a, Vec b, Vec c) {
    return {_mm256_fnmadd_pd(a.lo, b.lo, c.lo), _mm256_fnmadd_pd(a.hi, b.hi, c.hi)};
  }
  using Splat = Vec;
  static Splat splat(double x) { return set1(x); }

  friend Mask negative(Vec a) { return {a.lo, a.hi}; }
  friend Mask less(Vec a, Vec b) {
    return {_mm256_cmp_pd(a.lo, b.lo, _CMP_LT_OQ), _mm256_cmp_pd(a.hi, b.hi, _CMP_LT_OQ)};
  }
  friend Mask equal(Vec a, Vec b) {
    return {_mm256_cmp_pd(a.lo, b.lo, _CMP_EQ_OQ), _mm256_cmp_pd(a.hi, b.hi, _CMP_EQ_OQ)};
  }
  static Mask either(Mask a, Mask b) { return {_mm256_or_pd(a.lo, b.lo), _mm256_or_pd(a.hi, b.hi)}; }
  static bool all_lanes(Mask m) { return _mm256_movemask_pd(_mm256_and_pd(m.lo, m.hi)) == 15; }
  friend Vec select(Mask m, Vec yes, Vec no) {
    return {_mm256_blendv_pd(no.lo, yes.lo, m.lo), _mm256_blendv_pd(no.hi, yes.hi, m.hi)};
  }
  friend Vec max_or_second(Vec a, Vec b) { return {_mm256_max_pd(a.lo, b.lo), _mm256_max_pd(a.hi, b.hi)}; }
  friend Vec min_or_second(Vec a, Vec b) { return {_mm256_min_pd(a.lo, b.lo), _mm256_min_pd(a.hi, b.hi)}; }

  static Register without_sign(Register v) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), v); }
  friend Vec abs(Vec a) { return {without_sign(a.lo), without_sign(a.hi)}; }
  friend Vec copy_sign(Vec magnitude, Vec sign) { return bit_or(magnitude, bit_and(sign, set1(-0.0))); }

  static constexpr bool has_scalef = false;
  static bool all_below(Vec x, double limit) { return all_lanes(less(abs(x), set1(limit))); }
  static bool all_normal(Vec x) {
    return all_lanes(less(set1(0x0.fffffffffffffp-1022), x)) && all_lanes(less(x, set1(__builtin_inf())));
  }
  static void split(Vec x, Vec& exponent, Vec& fraction) {
    const __m256d one = _mm256_set1_pd(1), two_to_52 = _mm256_set1_pd(0x1p52);
    const auto split_one = [&](__m256d a, __m256d& e, __m256d& m) {
      const __m256i to_one = _mm256_sub_epi64(bits(one), bits(_mm256_set1_pd(0.75)));
      const __m256i biased = _mm256_srli_epi64(_mm256_add_epi64(bits(a), to_one), 52);
      const __m256i unscaled = _mm256_sub_epi64(bits(a), _mm256_slli_epi64(biased, 52));
      m = _mm256_castsi256_pd(_mm256_add_epi64(unscaled, bits(one)));
      e = _mm256_sub_pd(_mm256_or_pd(_mm256_castsi256_pd(biased), two_to_52), _mm256_set1_pd(0x1p52 + 1023));
    };
    split_one(x.lo, exponent.lo, fraction.lo);
    split_one(x.hi, exponent.hi, fraction.hi);
  }

  friend Vec bit_and(Vec a, Vec b) { return {_mm256_and_pd(a.lo, b.lo), _mm256_and_pd(a.hi, b.hi)}; }
  friend Vec bit_or(Vec a, Vec b) { return {_mm256_or_pd(a.lo, b.lo), _mm256_or_pd(a.hi, b.hi)}; }
  friend Vec add_bits(Vec a, Vec b) {
    return from_bits(_mm256_add_epi64(bits(a.lo), bits(b.lo)), _mm256_add_epi64(bits(a.hi), bits(b.hi)));
  }
  template <int kCount>
  static Vec shift_left(Vec a) {
    return from_bits(_mm256_slli_epi64(bits(a.lo), kCount), _mm256_slli_epi64(bits(a.hi), kCount));
  }

  __m256d halves_added() const { return _mm256_add_pd(lo, hi); }
  friend double sum_lanes(Vec a) {
    const __m256d four = a.halves_added();
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
  }

 private:
  static __m256i bits(__m256d v) { return _mm256_castpd_si256(v); }
  static Vec from_bits(__m256i lo, __m256i hi) { return {_mm256_castsi256_pd(lo), _mm256_castsi256_pd(hi)}; }
};

}  // namespace
}  // namespace mlpbench::simd
