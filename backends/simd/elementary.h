// The functions of core/scalar_math.h over a Vec: exp, expm1, log, tanh and sigmoid, written once for every
// instruction set. They use only operations that IEEE 754 rounds correctly (with FMA where Vec has it) and
// integer operations on the bits, so that AVX2 and AVX-512 give the same bits. Measured against long
// double: see tests/ops/test_elementary.cpp for the bounds that hold.
//
// All are inlined by force: a Vec of two registers that is passed to a function is copied in halves of a
// register, and the load that follows waits for two stores.
//
// No tables of bytes here, nor in any other file that is compiled with -mavx512f: GCC 12.2 miscompiles a
// local `unsigned char t[32]` of sixteen equal bytes and sixteen others at -O1 and above (one vpbroadcastb
// for both halves). Polynomials and bits of the arguments need none.
//
// Included by kernels.cpp files after their vec.h; everything has internal linkage.
#pragma once

namespace mlpbench::simd {
namespace {

template <typename T>
struct Constants;

/// ln2 = ln2_high + ln2_low, where n * ln2_high is exact for every exponent n (Cody and Waite). `round` is
/// 1.5 * 2^mantissa_bits: adding it leaves the nearest integer in the low bits of the sum. exp_terms[k] =
/// 1/(k+2)!, log_terms[k] = 2/(2k+3); both series are cut where the rest is below a tenth of the last place.
template <>
struct Constants<float> {
  static constexpr int mantissa_bits = 23;
  static constexpr float round = 0x1.8p23f, two_to_mantissa = 0x1p23f, exponent_bias = 127.0f;
  static constexpr float log2_e = 0x1.715476p0f, ln2_high = 0x1.63p-1f, ln2_low = -0x1.bd0106p-13f;
  static constexpr float exp_lowest = -104.0f, exp_highest = 89.0f, expm1_lowest = -20.0f;
  static constexpr float smallest_normal = 0x1p-126f, smallest = 0x1p-149f, largest = 0x1.fffffep127f;
  static constexpr float mantissa_mask =
      0x0.fffffep-126f;  // the largest subnormal: all mantissa bits, no other
  static constexpr float tanh_saturates = 40.0f;
  static constexpr float tanh_numerator[] = {-3.33332819422e-1f, 1.33314422036e-1f, -5.37397155531e-2f,
                                             2.06390887954e-2f, -5.70498872745e-3f};
  static constexpr float tanh_denominator[] = {1.0f};
  static constexpr float exp_terms[] = {1.0f / 2, 1.0f / 6, 1.0f / 24, 1.0f / 120, 1.0f / 720, 1.0f / 5040};
  static constexpr float log_terms[] = {2.0f / 3, 2.0f / 5, 2.0f / 7, 2.0f / 9};
};

template <>
struct Constants<double> {
  static constexpr int mantissa_bits = 52;
  static constexpr double round = 0x1.8p52, two_to_mantissa = 0x1p52, exponent_bias = 1023.0;
  static constexpr double log2_e = 0x1.71547652b82fep0, ln2_high = 0x1.62e42feep-1,
                          ln2_low = 0x1.a39ef35793c76p-33;
  static constexpr double exp_lowest = -746.0, exp_highest = 710.0, expm1_lowest = -44.0;
  static constexpr double smallest_normal = 0x1p-1022, smallest = 0x1p-1074, largest = 0x1.fffffffffffffp1023;
  static constexpr double mantissa_mask = 0x0.fffffffffffffp-1022;
  static constexpr double tanh_saturates = 44.0;
  static constexpr double tanh_numerator[] = {-1.61468768441708447952e3, -9.92877231001918586564e1,
                                              -9.64399179425052238628e-1};
  static constexpr double tanh_denominator[] = {4.84406305325125486048e3, 2.23548839060100448583e3,
                                                1.12811678491632931402e2, 1.0};
  static constexpr double exp_terms[] = {
      1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,         1.0 / 5040,
      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600.0, 1.0 / 6227020800.0};
  static constexpr double log_terms[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11,
                                         2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
};

/// terms[0] + terms[1] x + ... by Horner's rule.
template <typename V, typename T, int kTerms>
[[gnu::always_inline]] inline V polynomial(V x, const T (&terms)[kTerms]) {
  V sum = V::set1(terms[kTerms - 1]);
  for (int k = kTerms - 2; k >= 0; --k) sum = fma(sum, x, V::set1(terms[k]));
  return sum;
}

/// The integer nearest to x, as a float.
template <typename V>
[[gnu::always_inline]] inline V nearest(V x) {
  const V round = V::set1(Constants<typename V::Scalar>::round);
  return (x + round) - round;
}

/// 2^n for an integer n within the normal exponents: n moves from the low bits of n + round into the
/// exponent.
template <typename V>
[[gnu::always_inline]] inline V power_of_two(V n) {
  using C = Constants<typename V::Scalar>;
  return add_bits(V::template shift_left<C::mantissa_bits>(n + V::set1(C::round)), V::set1(1));
}

/// x = n ln2 + r with |r| <= ln2 / 2; returns r.
template <typename V>
[[gnu::always_inline]] inline V reduced(V x, V& n) {
  using C = Constants<typename V::Scalar>;
  n = nearest(x * V::set1(C::log2_e));
  return fnma(n, V::set1(C::ln2_low), fnma(n, V::set1(C::ln2_high), x));
}

/// e^r for |r| <= ln2 / 2 as high + low, high being what the sum rounds to. 1 + r is kept with its rounding
/// error, because adding r^2 / 2 + ... to r first costs another quarter of a unit in the last place; high
/// alone is off by at most about 0.75.
template <typename V>
struct Exponential {
  V high, low;
};
template <typename V>
[[gnu::always_inline]] inline Exponential<V> exp_of_reduced(V r) {
  const V one = V::set1(1);
  const V leading = one + r;
  const V rest = fma(r * r, polynomial(r, Constants<typename V::Scalar>::exp_terms), r - (leading - one));
  const V high = leading + rest;
  return {high, rest - (high - leading)};
}

/// e^x: 0 below the subnormals, infinity above the largest number.
template <typename V>
[[gnu::always_inline]] inline V exp(V x) {
  using C = Constants<typename V::Scalar>;
  x = max_or_second(V::set1(C::exp_lowest), min_or_second(V::set1(C::exp_highest), x));
  V n;
  const V y = exp_of_reduced(reduced(x, n)).high;
  // 2^n in two factors: n itself may lie outside of the normal exponents, and only the last product rounds.
  const V half = nearest(n * V::set1(typename V::Scalar(0.5)));
  return y * power_of_two(half) * power_of_two(n - half);
}

/// e^x - 1 for x <= 0, without the cancellation near 0.
template <typename V>
[[gnu::always_inline]] inline V expm1_of_negative(V x) {
  using C = Constants<typename V::Scalar>;
  V n;
  const V r = reduced(max_or_second(V::set1(C::expm1_lowest), x), n);
  const V scale = power_of_two(n);
  return fma(scale, fma(r * r, polynomial(r, C::exp_terms), r), scale - V::set1(1));
}

/// With e = e^-|x|: 1 / (1 + e) for x >= 0 and e / (1 + e) below, so that nothing overflows and the smallest
/// results are subnormal instead of 0. The quotient of the rounded parts would be off by up to 2.3 units in
/// the last place; it is corrected by its remainder, which sees what e and 1 + e lost. Correcting for 1 + e
/// alone did not help. Without FMA the remainder is not exact, and the plain quotient has to do. Where e is
/// below 2^-64 the quotient is e, and its last factors of two come at the end.
template <typename V>
[[gnu::always_inline]] inline V sigmoid(V x) {
  using T = typename V::Scalar;
  const V zero = V::set1(0), one = V::set1(1);
  V n;
  const V lowest = V::set1(Constants<T>::exp_lowest);
  const Exponential<V> parts = exp_of_reduced(reduced(max_or_second(lowest, bit_or(x, V::set1(T(-0.0)))), n));
  const V early = max_or_second(V::set1(T(-64)), n);
  const V scale = power_of_two(early);
  const V e = parts.high * scale, e_low = parts.low * scale;
  const V sum = one + e;
  const V sum_low = (e - (sum - one)) + e_low;
  const auto below = less(x, zero);
  const V numerator = select(below, e, one);
  const V late = select(below, power_of_two(n - early), one);
  if constexpr (!V::has_fma) return numerator / sum * late;  // there is no exact remainder
  const V inverse = one / sum;
  const V quotient = numerator * inverse;
  const V remainder = fnma(quotient, sum_low, fnma(quotient, sum, numerator) + select(below, e_low, zero));
  return fma(remainder, inverse, quotient) * late;
}

/// With a = |x|: a + a z P(z) / Q(z), z = a^2, below 0.625, and 1 - 2 / (e^2a + 1) above, one division
/// serving both. P and Q are those of S. Moshier's Cephes library (tanh.c, tanhf.c). Tried first: -t / (t +
/// 2) with t = e^-2a - 1, one piece for every x; it was off by up to 2.6 units in the last place, this one by
/// less than 2.
template <typename V>
[[gnu::always_inline]] inline V tanh(V x) {
  using T = typename V::Scalar;
  using C = Constants<T>;
  const V sign = bit_and(x, V::set1(T(-0.0)));
  const V a = V::template shift_right<1>(V::template shift_left<1>(x));  // without the sign bit
  const auto small = less(a, V::set1(T(0.625)));
  const V z = a * a;

  V n;
  const V y = exp_of_reduced(reduced(min_or_second(V::set1(C::tanh_saturates), a + a), n)).high;
  const V numerator = select(small, z * polynomial(z, C::tanh_numerator), V::set1(T(-2)));
  const V denominator =
      select(small, polynomial(z, C::tanh_denominator), fma(y, power_of_two(n), V::set1(1)));
  const V q = numerator / denominator;
  return bit_or(select(small, fma(a, q, a), V::set1(1) + q), sign);
}

/// x = 2^e m with m in (sqrt(1/2), sqrt(2)], f = m - 1, s = f / (2 + f): log(1 + f) = 2 artanh(s) = f - s (f
/// - R), R = 2 s^2/3 + 2 s^4/5 + ..., regrouped around f^2/2 so that f is added last and unrounded.
template <typename V>
[[gnu::always_inline]] inline V log(V x) {
  using T = typename V::Scalar;
  using C = Constants<T>;
  const V one = V::set1(1);
  const auto subnormal = less(x, V::set1(C::smallest_normal));
  const V normal = select(subnormal, x * V::set1(C::two_to_mantissa), x);
  const V shift =
      select(subnormal, V::set1(C::exponent_bias + T(C::mantissa_bits)), V::set1(C::exponent_bias));

  const V two_to_mantissa = V::set1(C::two_to_mantissa);
  V e =
      (bit_or(V::template shift_right<C::mantissa_bits>(normal), two_to_mantissa) - two_to_mantissa) - shift;
  V m = bit_or(bit_and(normal, V::set1(C::mantissa_mask)), one);
  const auto above_root = less(V::set1(T(1.41421356237309504880)), m);
  m = select(above_root, m * V::set1(T(0.5)), m);
  e = select(above_root, e + one, e);

  const V f = m - one;
  const V s = f / (f + V::set1(2));
  const V z = s * s;
  const V R = z * polynomial(z, C::log_terms);
  const V half_square = V::set1(T(0.5)) * f * f;
  const V tail = half_square - fma(s, half_square + R, e * V::set1(C::ln2_low));
  V y = fma(e, V::set1(C::ln2_high), f - tail);

  y = y + (x - x);  // NaN stays NaN
  y = select(less(V::set1(C::largest), x), x, y);
  y = select(less(x, V::set1(C::smallest)), V::set1(-__builtin_inff()), y);
  return select(less(x, V::set1(0)), V::set1(__builtin_nanf("")), y);
}

/// log(x), where x below the smallest normal number counts as that number and NaN stays NaN.
template <typename V>
[[gnu::always_inline]] inline V clipped_log(V x) {
  return log(max_or_second(V::set1(Constants<typename V::Scalar>::smallest_normal), x));
}

/// y log(p) + (1 - y) log(q), the logarithms clipped. Labels of 0 and 1 leave one of the two terms, the other
/// being an exact 0: a logarithm less.
template <typename V>
[[gnu::always_inline]] inline V log_likelihood(V y, V p, V q) {
  const V zero = V::set1(0), one = V::set1(1);
  const auto is_one = equal(y, one);
  if (V::all_lanes(V::either(is_one, equal(y, zero)))) return clipped_log(select(is_one, p, q));
  return y * clipped_log(p) + (one - y) * clipped_log(q);
}

}  // namespace
}  // namespace mlpbench::simd
