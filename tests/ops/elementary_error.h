// How far a value is from the exact one, for the checks of elementary functions.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "tests/ops/elementary.h"

namespace mlpbench::test {

/// The distance of `value` and the next larger number of its size, down to the subnormal ones.
template <typename T>
long double unit_in_last_place(long double value) {
  const int exponent = value == 0 ? std::numeric_limits<T>::min_exponent
                                  : std::max(std::ilogb(value) + 1, std::numeric_limits<T>::min_exponent);
  return std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits);
}

template <typename T>
std::string describe(const Elementary<T>& function, const char* what, T x, T y, long double expected,
                     double ulps) {
  char text[256];
  std::snprintf(text, sizeof(text), "%s %s at %.17g (%a): %.17g, expected %.20Lg, %.3f ulp",
                function.name.c_str(), what, static_cast<double>(x), static_cast<double>(x),
                static_cast<double>(y), expected, ulps);
  return text;
}

/// Infinite where only one of the two is NaN.
template <typename T>
double error_in_ulps(const Elementary<T>& function, T y, long double expected) {
  if (static_cast<long double>(y) == expected || (std::isnan(y) && std::isnan(expected))) return 0.0;
  if (std::isinf(y) && std::abs(expected) > static_cast<long double>(std::numeric_limits<T>::max()))
    return 0.0;
  const long double error = std::abs(static_cast<long double>(y) - expected);
  constexpr long double kNormal = std::numeric_limits<T>::min();
  if (function.subnormals_may_vanish && std::abs(expected) < kNormal && error < kNormal) return 0.0;
  const auto ulps = static_cast<double>(error / unit_in_last_place<T>(expected));
  return std::isnan(ulps) ? std::numeric_limits<double>::infinity() : ulps;
}

}  // namespace mlpbench::test
