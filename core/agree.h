#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>

#include "core/matrix.h"

namespace mlpbench {

/// How far apart two correct results may be: kRoundings * eps * sqrt(depth) * largest. `depth` is the number
/// of terms that are summed, and `largest` the largest sum of their absolute values. The rounding errors of
/// a sum are at most depth * eps times that sum, in any order and with or without FMA. They usually grow
/// like the square root of the depth. The factor covers the few roundings before and after, in an activation
/// or a division. The sum of absolute values matters where a result cancels: it has fewer correct digits.
struct Tolerance {
  std::size_t depth = 1;
  double largest = 1.0;

  template <typename T>
  double value() const {
    constexpr double kRoundings = 4.0;
    const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
    return kRoundings * eps * std::sqrt(static_cast<double>(std::max<std::size_t>(depth, 1))) * largest;
  }

  /// Nothing but equality. 0 equals -0: the contract says nothing about the sign of a zero.
  static Tolerance exact() { return {1, 0.0}; }
};

/// NaN agrees with NaN and with nothing else, an infinity only with itself.
inline bool agree(double actual, double expected, double tolerance) {
  if (std::isnan(expected)) return std::isnan(actual);
  if (std::isinf(expected)) return actual == expected;
  return std::abs(actual - expected) <= tolerance;  // false for NaN
}

/// An empty string, or where and how `actual` differs from `expected`. A result of some size that is mostly
/// zeros does not count as agreement, because it proves little. The caller's data are wrong then, unless
/// `zeros_expected`.
template <typename T>
std::string disagreement(MatrixView<const T> actual, MatrixView<const T> expected, const Tolerance& tolerance,
                         bool zeros_expected = false) {
  const double allowed = tolerance.value<T>();
  std::size_t bad = 0, bad_row = 0, bad_col = 0, zeros = 0;
  for (std::size_t i = 0; i < expected.rows; ++i) {
    for (std::size_t j = 0; j < expected.cols; ++j) {
      zeros += actual(i, j) == T{0};
      if (agree(static_cast<double>(actual(i, j)), static_cast<double>(expected(i, j)), allowed)) continue;
      if (bad++ == 0) bad_row = i, bad_col = j;
    }
  }
  const std::size_t size = expected.rows * expected.cols;
  const double zero_percent =
      size == 0 ? 0.0 : 100.0 * static_cast<double>(zeros) / static_cast<double>(size);
  char text[256] = "";
  if (bad > 0) {
    std::snprintf(
        text, sizeof(text),
        "%zu of %zu x %zu elements differ, first (%zu, %zu): %.17g, expected %.17g, tolerance %.3g; "
        "%.0f %% of the result is zero",
        bad, expected.rows, expected.cols, bad_row, bad_col, static_cast<double>(actual(bad_row, bad_col)),
        static_cast<double>(expected(bad_row, bad_col)), allowed, zero_percent);
  } else if (!zeros_expected && size >= 64 && zero_percent > 90.0) {
    std::snprintf(text, sizeof(text), "agrees, but %.0f %% of the result is zero: this shows nothing",
                  zero_percent);
  }
  return text;
}

}  // namespace mlpbench
