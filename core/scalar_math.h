// The functions that the formulas of core/activations and core/losses are written in, for one number. A
// vector of them has the same names in backends/simd (vec.h, elementary.h), which a formula finds by its
// argument.
#pragma once

#include <cmath>
#include <concepts>
#include <limits>

namespace mlpbench::math {

/// x as a number of type V, or in every lane of a vector V.
template <typename V>
[[gnu::always_inline]] inline V constant(double x) {
  if constexpr (std::floating_point<V>) {
    return static_cast<V>(x);
  } else {
    return V::set1(static_cast<typename V::Scalar>(x));
  }
}

template <std::floating_point T>
bool less(T a, T b) {
  return a < b;
}
template <std::floating_point T>
T select(bool condition, T yes, T no) {
  return condition ? yes : no;
}

/// The larger or smaller one; the second if they are equal or one of them is NaN.
template <std::floating_point T>
T max_or_second(T a, T b) {
  return a > b ? a : b;
}
template <std::floating_point T>
T min_or_second(T a, T b) {
  return a < b ? a : b;
}

/// c - a b. A backend with FMA rounds once.
template <std::floating_point T>
T fnma(T a, T b, T c) {
  return c - a * b;
}

template <std::floating_point T>
T exp(T x) {
  return std::exp(x);
}
template <std::floating_point T>
T tanh(T x) {
  return std::tanh(x);
}
/// 1 / (1 + e^-x)
template <std::floating_point T>
T sigmoid(T x) {
  return T{1} / (T{1} + std::exp(-x));
}
/// e^x - 1 for x <= 0.
template <std::floating_point T>
T expm1_of_negative(T x) {
  return std::expm1(x);
}

/// sigmoid(y), and the rest to 1, neither by a difference that cancels.
template <typename V>
struct SigmoidParts {
  V value, rest;
};
template <typename V>
[[gnu::always_inline]] inline SigmoidParts<V> sigmoid_parts(V y) {
  const V zero = constant<V>(0);
  const V smaller = sigmoid(min_or_second(zero - y, y)), larger = constant<V>(1) - smaller;
  const auto above = less(zero, y);
  return {select(above, larger, smaller), select(above, smaller, larger)};
}

/// log(1 + x) for x from 0 to 1.
template <std::floating_point T>
T log1p_of_share(T x) {
  return std::log1p(x);
}

/// The distribution function and the density of the standard normal distribution at one argument.
template <typename V>
struct StandardNormal {
  V distribution, density;
};
template <std::floating_point T>
StandardNormal<T> standard_normal(T z) {
  constexpr T kRootOfHalf = T(0.70710678118654752440L), kPeak = T(0.39894228040143267794L);
  return {T(0.5) * std::erfc(-z * kRootOfHalf), kPeak * std::exp(T(-0.5) * z * z)};
}

/// log(x), where x below the smallest normal number counts as that number and NaN stays NaN.
template <std::floating_point T>
T clipped_log(T x) {
  return std::log(max_or_second(std::numeric_limits<T>::min(), x));
}
/// y log(p) + (1 - y) log(q), the logarithms clipped.
template <std::floating_point T>
T log_likelihood(T y, T p, T q) {
  return y * clipped_log(p) + (T{1} - y) * clipped_log(q);
}

}  // namespace mlpbench::math
