// Vec<T>: one cache line of lanes, 16 float or 8 double, in one AVX-512 register; tails by mask registers.
// The AVX2 backend's Vec has the same lanes in two registers, so a template over Vec rounds alike on both.
#pragma once

// GCC 12's unmasked AVX-512 intrinsics pass an undefined source to the masked builtins and are then blamed
// for it (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace mlpbench::simd {
namespace {

/// v, which GCC 12 may now not load again for every use. GCC folds a load into each FMA that has room for a
/// memory operand, and the loads become the limit.
template <typename Register>
inline Register kept(Register v) {
  asm("" : "+v"(v));
  return v;
}

template <typename T>
struct Vec;

template <>
struct Vec<float> {
  using Scalar = float;
  using Mask = __mmask16;
  static constexpr std::size_t width = 16;

  /// The product tile: 6 rows x 4 Vecs is 24 accumulators. 4 registers hold the Vecs that are loaded, and the
  /// broadcast takes 1: 29 of 32. It loads 10 values for 24 FMA in a step of k. 12 rows x 2 Vecs load 14, and
  /// had 86 % of the FMA peak of 512x784x256 in float32 instead of 93. Unrolled by four steps it was 1 to 10
  /// % slower: GCC 12 then folds a broadcast into an FMA. Requests for the next rows cost 3 to 5 % too.
  static constexpr int tile_vecs = 24;
  static constexpr int max_tile_rows = 6, narrow_tile_rows = 12;

  /// Steps of k between two visits to C: rows of 4 KiB stay in the first-level cache, and most layers are one
  /// block.
  static constexpr std::size_t block_k = 1024;

  /// The tile of sums over samples: 20 accumulators, 5 + 4 loads for 20 FMA; 10 units are two of it.
  static constexpr int sample_tile_rows = 5, sample_tile_cols = 4;

  /// Vecs a tile of the fused step is wide: two, lest the broadcasts be the limit.
  static constexpr int fused_tile_vecs = 2;

  __m512 v;

  using Register = __m512;
  static constexpr bool has_fma = true, masks_are_free = true;
  static constexpr int registers = 1;
  static Register load_register(const float* p) { return kept(_mm512_loadu_ps(p)); }
  static void store_register(Register v, float* p) { _mm512_storeu_ps(p, v); }
  static Register fma_register(Register a, Register b, Register c) { return _mm512_fmadd_ps(a, b, c); }
  template <int kRegister>
  Register& part() {
    return v;
  }

  static Vec set1(float x) { return {_mm512_set1_ps(x)}; }
  static Vec load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static Vec load_first(const float* p, std::size_t n) { return {_mm512_maskz_loadu_ps(first(n), p)}; }
  /// v in the first n lanes, 0 in the others.
  static Vec keep_first(Vec v, std::size_t n) { return {_mm512_maskz_mov_ps(first(n), v.v)}; }
  void store(float* p) const { _mm512_storeu_ps(p, v); }
  void store_first(float* p, std::size_t n) const { _mm512_mask_storeu_ps(p, first(n), v); }

  friend Vec operator+(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
  friend Vec operator-(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
  friend Vec operator*(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
  friend Vec operator/(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
  friend Vec square_root(Vec a) { return {_mm512_sqrt_ps(a.v)}; }
  friend Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
  friend Vec fnma(Vec a, Vec b, Vec c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }

  /// What a product multiplies a Vec by.
  using Splat = Vec;
  static Splat splat(float x) { return set1(x); }

  friend Mask negative(Vec a) { return _mm512_movepi32_mask(a.bits()); }
  friend Mask less(Vec a, Vec b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ); }
  friend Mask equal(Vec a, Vec b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ); }
  static Mask either(Mask a, Mask b) { return static_cast<Mask>(a | b); }
  static bool all_lanes(Mask m) { return m == 0xffff; }
  friend Vec select(Mask m, Vec yes, Vec no) { return {_mm512_mask_blend_ps(m, no.v, yes.v)}; }
  friend Vec max_or_second(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
  friend Vec min_or_second(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }

  friend Vec abs(Vec a) { return {_mm512_abs_ps(a.v)}; }
  /// |magnitude| with the sign of `sign`, for a magnitude whose sign bit is 0.
  friend Vec copy_sign(Vec magnitude, Vec sign) {
    constexpr int kOrOfAnd = 0xf8;
    return from_bits(_mm512_ternarylogic_epi32(magnitude.bits(), sign.bits(), set1(-0.0f).bits(), kOrOfAnd));
  }

  /// What elementary.h asks of a set. These instructions are right for every argument.
  static constexpr bool has_scalef = true;
  friend Vec scalef(Vec y, Vec n) { return {_mm512_scalef_ps(y.v, n.v)}; }
  /// x = 2^exponent fraction, 3/4 <= fraction < 3/2.
  static void split(Vec x, Vec& exponent, Vec& fraction) {
    fraction.v = _mm512_getmant_ps(x.v, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_zero);
    exponent.v = _mm512_sub_ps(_mm512_getexp_ps(x.v), _mm512_getexp_ps(fraction.v));
  }
  /// log x where that is special, else y. The table has four bits for each class of x. From the lowest these
  /// are quiet and signalling NaN, 0, 1, -infinity, infinity, other negative and positive numbers. 2 is x, 3
  /// NaN, 4 -infinity, 5 infinity, 0 y.
  static Vec log_of_special(Vec x, Vec y) {
    return {_mm512_fixupimm_ps(y.v, x.v, _mm512_set1_epi32(0x03530422), 0)};
  }

  friend Vec add_bits(Vec a, Vec b) { return from_bits(_mm512_add_epi32(a.bits(), b.bits())); }
  template <int kCount>
  static Vec shift_left(Vec a) {
    return from_bits(_mm512_slli_epi32(a.bits(), kCount));
  }

  __m256 halves_added() const {
    return _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
  }
  friend float sum_lanes(Vec a) {
    const __m256 eight = a.halves_added();
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
  }

 private:
  /// Lanes [0, n), n <= width.
  static Mask first(std::size_t n) { return static_cast<Mask>((1u << n) - 1u); }
  __m512i bits() const { return _mm512_castps_si512(v); }
  static Vec from_bits(__m512i i) { return {_mm512_castsi512_ps(i)}; }
};

template <>
struct Vec<double> {
  using Scalar = double;
  using Mask = __mmask8;
  static constexpr std::size_t width = 8;
  static constexpr int tile_vecs = 24;
  static constexpr int max_tile_rows = 6, narrow_tile_rows = 12;
  static constexpr std::size_t block_k = 1024;
  static constexpr int sample_tile_rows = 5, sample_tile_cols = 4;
  static constexpr int fused_tile_vecs = 2;

  __m512d v;

  using Register = __m512d;
  static constexpr bool has_fma = true, masks_are_free = true;
  static constexpr int registers = 1;
  static Register load_register(const double* p) { return kept(_mm512_loadu_pd(p)); }
  static void store_register(Register v, double* p) { _mm512_storeu_pd(p, v); }
  static Register fma_register(Register a, Register b, Register c) { return _mm512_fmadd_pd(a, b, c); }
  template <int kRegister>
  Register& part() {
    return v;
  }

  static Vec set1(double x) { return {_mm512_set1_pd(x)}; }
  static Vec load(const double* p) { return {_mm512_loadu_pd(p)}; }
  static Vec load_first(const double* p, std::size_t n) { return {_mm512_maskz_loadu_pd(first(n), p)}; }
  /// v in the first n lanes, 0 in the others.
  static Vec keep_first(Vec v, std::size_t n) { return {_mm512_maskz_mov_pd(first(n), v.v)}; }
  void store(double* p) const { _mm512_storeu_pd(p, v); }
  void store_first(double* p, std::size_t n) const { _mm512_mask_storeu_pd(p, first(n), v); }

  friend Vec operator+(Vec a, Vec b) { return {_mm512_add_pd(a.v, b.v)}; }
  friend Vec operator-(Vec a, Vec b) { return {_mm512_sub_pd(a.v, b.v)}; }
  friend Vec operator*(Vec a, Vec b) { return {_mm512_mul_pd(a.v, b.v)}; }
  friend Vec operator/(Vec a, Vec b) { return {_mm512_div_pd(a.v, b.v)}; }
  friend Vec square_root(Vec a) { return {_mm512_sqrt_pd(a.v)}; }
  friend Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_pd(a.v, b.v, c.v)}; }
  friend Vec fnma(Vec a, Vec b, Vec c) { return {_mm512_fnmadd_pd(a.v, b.v, c.v)}; }
  using Splat = Vec;
  static Splat splat(double x) { return set1(x); }

  friend Mask negative(Vec a) { return _mm512_movepi64_mask(a.bits()); }
  friend Mask less(Vec a, Vec b) { return _mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ); }
  friend Mask equal(Vec a, Vec b) { return _mm512_cmp_pd_mask(a.v, b.v, _CMP_EQ_OQ); }
  static Mask either(Mask a, Mask b) { return static_cast<Mask>(a | b); }
  static bool all_lanes(Mask m) { return m == 0xff; }
  friend Vec select(Mask m, Vec yes, Vec no) { return {_mm512_mask_blend_pd(m, no.v, yes.v)}; }
  friend Vec max_or_second(Vec a, Vec b) { return {_mm512_max_pd(a.v, b.v)}; }
  friend Vec min_or_second(Vec a, Vec b) { return {_mm512_min_pd(a.v, b.v)}; }

  friend Vec abs(Vec a) { return {_mm512_abs_pd(a.v)}; }
  /// |magnitude| with the sign of `sign`, for a magnitude whose sign bit is 0.
  friend Vec copy_sign(Vec magnitude, Vec sign) {
    constexpr int kOrOfAnd = 0xf8;
    return from_bits(_mm512_ternarylogic_epi64(magnitude.bits(), sign.bits(), set1(-0.0).bits(), kOrOfAnd));
  }

  /// What elementary.h asks of a set. These instructions are right for every argument.
  static constexpr bool has_scalef = true;
  friend Vec scalef(Vec y, Vec n) { return {_mm512_scalef_pd(y.v, n.v)}; }
  /// x = 2^exponent fraction, 3/4 <= fraction < 3/2.
  static void split(Vec x, Vec& exponent, Vec& fraction) {
    fraction.v = _mm512_getmant_pd(x.v, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_zero);
    exponent.v = _mm512_sub_pd(_mm512_getexp_pd(x.v), _mm512_getexp_pd(fraction.v));
  }
  static Vec log_of_special(Vec x, Vec y) {
    return {_mm512_fixupimm_pd(y.v, x.v, _mm512_set1_epi64(0x03530422), 0)};
  }

  friend Vec add_bits(Vec a, Vec b) { return from_bits(_mm512_add_epi64(a.bits(), b.bits())); }
  template <int kCount>
  static Vec shift_left(Vec a) {
    return from_bits(_mm512_slli_epi64(a.bits(), kCount));
  }

  __m256d halves_added() const {
    return _mm256_add_pd(_mm512_castpd512_pd256(v), _mm512_extractf64x4_pd(v, 1));
  }
  friend double sum_lanes(Vec a) {
    const __m256d four = a.halves_added();
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
  }

 private:
  /// Lanes [0, n), n <= width.
  static Mask first(std::size_t n) { return static_cast<Mask>((1u << n) - 1u); }
  __m512i bits() const { return _mm512_castpd_si512(v); }
  static Vec from_bits(__m512i i) { return {_mm512_castsi512_pd(i)}; }
};

}  // namespace
}  // namespace mlpbench::simd
