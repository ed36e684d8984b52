// The functions of core/scalar_math.h over a Vec: exp, expm1, log, tanh and sigmoid, written once for
// every instruction set. AVX2, AVX-512 and NEON give the same bits for every argument, because all
// operations are rounded correctly. Where a set has an instruction of its own (scalef, getmant, getexp,
// fixupimm), it does exactly what the others do in several. AVX2 and NEON test whether all lanes are
// ordinary and leave the rest to a function that is not inlined; AVX-512 has one path.
//
// tests/ops/test_elementary.cpp proves the bounds of the errors on all 2^32 floats. docs/performance.md,
// "Elementary functions", has speeds, errors, and what was tried and lost.
//
// All are inlined by force, and none returns a struct of Vecs. GCC 12 copies a Vec of two registers in
// pieces of 16 bytes, and the load that follows waits for the stores. sigmoid took 4.7 instead of 1.4
// cycles an element.
//
// No tables of bytes here, nor in any other file that is compiled with -mavx512f. GCC 12.2 miscompiles a
// local `unsigned char t[32]` of sixteen equal bytes and sixteen others at -O1 and above. It makes one
// vpbroadcastb for both halves. Polynomials and bits of the arguments need none.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/elementary_constants.h"

namespace mlpbench::simd {
namespace {

/// terms[kFirst] + terms[kFirst + kStep] x + ... by Horner's rule, odd terms times kSign.
template <int kFirst, int kStep, int kSign, typename V, typename T, int kTerms>
[[gnu::always_inline]] inline V horner(V x, const T (&terms)[kTerms]) {
  constexpr int kLast = kTerms - 1 - (kTerms - 1 - kFirst) % kStep;
  V sum = V::set1(kLast % 2 == 0 ? terms[kLast] : kSign * terms[kLast]);
  for (int k = kLast - kStep; k >= kFirst; k -= kStep) {
    sum = fma(sum, x, V::set1(k % 2 == 0 ? terms[k] : kSign * terms[k]));
  }
  return sum;
}

/// terms[0] + terms[1] kSign x + terms[2] x^2 + ..., given x^2: all but the first term in two chains of
/// half the length. With the first term in one of them the error of log is 1.07 units instead of 0.96.
template <int kSign = 1, typename V, typename T, int kTerms>
[[gnu::always_inline]] inline V polynomial(V x, V square, const T (&terms)[kTerms]) {
  const V rest = fma(horner<2, 2, kSign>(square, terms), x, horner<1, 2, kSign>(square, terms));
  return fma(rest, x, V::set1(terms[0]));
}

/// The same in z alone; a square more costs more than it saves where there are only five terms.
template <typename V, typename T, int kTerms>
[[gnu::always_inline]] inline V polynomial(V z, const T (&terms)[kTerms]) {
  if constexpr (kTerms < 8) return horner<0, 1, 1>(z, terms);
  return polynomial(z, z * z, terms);
}

/// x = n ln2 + r with |r| <= ln2 / 2; returns r. The low bits of `shifted` hold n as an integer.
template <typename V>
[[gnu::always_inline]] inline V reduced(V x, V& n, V& shifted) {
  using C = Constants<typename V::Scalar>;
  shifted = fma(x, V::set1(C::log2_e), V::set1(C::round));
  n = shifted - V::set1(C::round);
  return fnma(n, V::set1(C::ln2_low), fnma(n, V::set1(C::ln2_high), x));
}

/// x 2^(kFactor n) from the low bits of `shifted`, where that is a normal number.
template <int kFactor = 1, typename V>
[[gnu::always_inline]] inline V add_to_exponent(V x, V shifted) {
  static_assert(kFactor == 1 || kFactor == 2);
  constexpr int kShift = Constants<typename V::Scalar>::mantissa_bits + (kFactor == 2 ? 1 : 0);
  return add_bits(V::template shift_left<kShift>(shifted), x);
}

/// y 2^n, rounded once, for every integer n between twice the smallest and the largest exponent.
template <typename V>
[[gnu::always_inline]] inline V scaled(V y, V n) {
  if constexpr (V::has_scalef) {
    return scalef(y, n);
  } else {
    const V one = V::set1(1), round = V::set1(Constants<typename V::Scalar>::round);
    const V shifted = fma(n, V::set1(typename V::Scalar(0.5)), round), rest = n - (shifted - round);
    return y * add_to_exponent(one, shifted) * add_to_exponent(one, rest + round);
  }
}

/// e^r - 1, or 1 - e^-r, for |r| <= ln2 / 2. r (1 + r P(r)) takes an operation less, but the last place
/// of the factor outweighs a step of r. Then e^x of 2927 floats was below that of their predecessors.
template <int kSign = 1, typename V>
[[gnu::always_inline]] inline V expm1_of_reduced(V r) {
  const V square = r * r, sum = polynomial<kSign>(r, square, Constants<typename V::Scalar>::exp_terms);
  return kSign == 1 ? fma(square, sum, r) : fnma(square, sum, r);
}

/// f(x), not inlined and through memory, so that the loops around it keep their registers.
template <typename V, typename Function>
[[gnu::noinline, gnu::cold]] void apply_to(typename V::Scalar* lanes, Function f) {
  f(V::load(lanes)).store(lanes);
}
template <typename V, typename Function>
[[gnu::always_inline]] inline V apply_rarely(V x, Function f) {
  alignas(64) typename V::Scalar lanes[V::width];
  x.store(lanes);
  apply_to<V>(lanes, f);
  return V::load(lanes);
}

/// e^x = 2^n e^r.
template <bool kOrdinary, typename V>
[[gnu::always_inline]] inline V exp_of(V x) {
  using C = Constants<typename V::Scalar>;
  const V one = V::set1(1);
  if (!kOrdinary) x = max_or_second(V::set1(C::exp_lowest), min_or_second(V::set1(C::exp_highest), x));
  V n, shifted;
  const V r = reduced(x, n, shifted);
  const V y = one + expm1_of_reduced(r);
  return kOrdinary ? add_to_exponent(y, shifted) : scaled(y, n);
}

/// e^x: 0 below the subnormals, infinity above the largest number.
template <typename V>
[[gnu::always_inline]] inline V exp(V x) {
  if constexpr (V::has_scalef) {
    return exp_of<false>(x);
  } else {
    if (V::all_below(x, Constants<typename V::Scalar>::ordinary)) return exp_of<true>(x);
    return apply_rarely(x, [](V v) { return exp_of<false>(v); });
  }
}

/// e^x - 1 for x <= 0, without the cancellation near 0.
template <typename V>
[[gnu::always_inline]] inline V expm1_of_negative(V x) {
  using C = Constants<typename V::Scalar>;
  const V one = V::set1(1);
  V n, shifted;
  const V r = reduced(max_or_second(V::set1(C::expm1_lowest), x), n, shifted);
  const V scale = add_to_exponent(one, shifted);
  return fma(scale, expm1_of_reduced(r), scale - one);
}

/// With x = n ln2 + r and c = 2^n: c / (c + e^-r), for either sign of x. m = 1 - e^-r, so d = (1 + c) -
/// m, and `low` is what d lost. The remainder of 1 / d by d + low corrects the quotient, whose error
/// would be 2.3 units, to 0.94. (1 - d) + c is exact for every c, which (1 + c) - d is not. Without FMA
/// there is no exact remainder. By |x|, as e / (1 + e) or 1 / (1 + e), it takes 1.31 instead of 1.12
/// cycles an element.
template <bool kOrdinary, typename V>
[[gnu::always_inline]] inline V sigmoid_of(V x) {
  using C = Constants<typename V::Scalar>;
  const V one = V::set1(1);
  if (!kOrdinary) x = max_or_second(V::set1(C::exp_lowest), min_or_second(V::set1(C::sigmoid_highest), x));
  V n, shifted;
  const V r = reduced(x, n, shifted);
  const V m = expm1_of_reduced<-1>(r);
  const V c = kOrdinary ? add_to_exponent(one, shifted) : scaled(one, n);
  const V d = (one + c) - m;
  const V inverse = one / d;
  if constexpr (!V::has_fma) return inverse * c;
  const V low = ((one - d) + c) - m;
  const V remainder = fnma(inverse, low, fnma(inverse, d, one));
  return fma(remainder, inverse, inverse) * c;
}

/// 1 / (1 + e^-x)
template <typename V>
[[gnu::always_inline]] inline V sigmoid(V x) {
  if constexpr (V::has_scalef) {
    return sigmoid_of<false>(x);
  } else {
    if (V::all_below(x, Constants<typename V::Scalar>::ordinary)) return sigmoid_of<true>(x);
    return apply_rarely(x, [](V v) { return sigmoid_of<false>(v); });
  }
}

/// Let |x| = k ln2 + r, -0.007 <= r <= 0.687, t = tanh r, h = 4^-k. The result is t for k = 0, else 1 - w.
/// w = 2 / (e^2|x| + 1) = 2 h (1 - t) / ((1 + h) + (1 - h) t). One polynomial serves both. r starts at 0:
/// around it, 1 + t may be 0.4, and the error is 1.9 units instead of 1.41. Summed as h (1 - t) + (1 + t) the
/// denominator may fall where t rises, and 62368 floats had a smaller |tanh x| than their predecessor. The
/// quotient ((1 - h) + (1 + h) t) / ((1 + h) + (1 - h) t) for every x takes 0.84 instead of 1.12 cycles an
/// element. But it is off by 2.5 units and falls near 1.
template <typename V>
[[gnu::always_inline]] inline V tanh(V x) {
  using T = typename V::Scalar;
  using C = Constants<T>;
  const V one = V::set1(1), round = V::set1(C::round);
  const V a = min_or_second(V::set1(C::tanh_highest), abs(x));
  const V shifted = fma(a - V::set1(T(0.34)), V::set1(-C::log2_e), round);
  const V minus_k = shifted - round;
  const V r = fma(minus_k, V::set1(C::ln2), a);
  const V c = add_to_exponent<2>(V::set1(2), shifted);  // 2 h
  const V z = r * r;
  const V t = fma(r * z, polynomial(z, C::tanh_terms), r);
  const V half = V::set1(T(0.5));
  const V w = fnma(t, c, c) / fma(fnma(c, half, one), t, fma(c, half, one));
  return copy_sign(select(negative(minus_k), one - w, t), x);
}

/// log(1 + f) - f + low
template <typename V>
[[gnu::always_inline]] inline V log1p_rest(V f, V low) {
  using T = typename V::Scalar;
  using C = Constants<T>;
  if constexpr (sizeof(T) == sizeof(float)) {
    const V square = f * f;
    return fma(square, polynomial(f, square, C::log_terms), low);
  } else {  // log(1 + f) = 2 artanh(s) = f - f^2/2 + s (f^2/2 + s^2 P(s^2))
    const V s = f / (f + V::set1(2)), z = s * s, half_square = V::set1(T(0.5)) * f * f;
    return fma(s, fma(z, polynomial(z, C::log_terms), half_square), low - half_square);
  }
}

/// x = 2^e (1 + f) with 1 + f in [3/4, 3/2). e ln2 + f is summed with its rounding error, which would be
/// another half unit in the last place. For float the nearest number to ln2 is enough.
template <bool kOrdinary, typename V>
[[gnu::always_inline]] inline V log_of(V x) {
  using T = typename V::Scalar;
  using C = Constants<T>;
  constexpr bool kRescale = !kOrdinary && !V::has_scalef, kFloat = sizeof(T) == sizeof(float);
  const V zero = V::set1(0);
  const auto subnormal = less(x, V::set1(C::smallest_normal));
  V e, m;
  V::split(kRescale ? select(subnormal, x * V::set1(C::two_to_mantissa), x) : x, e, m);
  if (kRescale) e = e - select(subnormal, V::set1(T(C::mantissa_bits)), zero);

  const V f = m - V::set1(1), ln2 = V::set1(kFloat ? C::ln2 : C::ln2_high);
  const V sum = fma(e, ln2, f);
  V low = f - fnma(e, ln2, sum);
  if (!kFloat) low = fma(e, V::set1(C::ln2_low), low);
  V y = sum + log1p_rest(f, low);
  if constexpr (V::has_scalef) return V::log_of_special(x, y);
  if (kOrdinary) return y;

  const V infinity = V::set1(__builtin_inff());
  y = y + (x - x);  // NaN stays NaN
  y = select(equal(x, infinity), x, select(equal(x, zero), zero - infinity, y));
  return select(less(x, zero), V::set1(__builtin_nanf("")), y);
}

template <typename V>
[[gnu::always_inline]] inline V log(V x) {
  if constexpr (V::has_scalef) {
    return log_of<false>(x);
  } else {
    if (V::all_normal(x)) return log_of<true>(x);
    return apply_rarely(x, [](V v) { return log_of<false>(v); });
  }
}

/// log(x), where x below the smallest normal number counts as that number and NaN stays NaN.
template <typename V>
[[gnu::always_inline]] inline V clipped_log(V x) {
  return log(max_or_second(V::set1(Constants<typename V::Scalar>::smallest_normal), x));
}

/// y log(p) + (1 - y) log(q), the logarithms clipped. Labels of 0 and 1 leave one of the two terms, the
/// other being an exact 0: a logarithm less.
template <typename V>
[[gnu::always_inline]] inline V log_likelihood(V y, V p, V q) {
  const V zero = V::set1(0), one = V::set1(1);
  const auto is_one = equal(y, one);
  if (V::all_lanes(V::either(is_one, equal(y, zero)))) return clipped_log(select(is_one, p, q));
  return y * clipped_log(p) + (one - y) * clipped_log(q);
}

}  // namespace
}  // namespace mlpbench::simd
