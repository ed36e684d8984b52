#include "tests/ops/elementary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

#include "tests/ops/elementary_error.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

constexpr std::uint32_t kSamples = 1U << 20;

/// Every sign, exponent and leading part of the mantissa with a random rest, and as many in [from, to].
/// Sorted, without NaN.
template <typename T>
std::vector<T> arguments(T from, T to) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr int kRandomBits = static_cast<int>(8 * sizeof(T)) - 20;
  std::mt19937_64 random(1);
  std::vector<T> x = {std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity(), T{0}, -T{0}};
  x.reserve(x.size() + 2 * kSamples);
  for (std::uint32_t n = 0; n < kSamples; ++n) {
    const Bits rest = static_cast<Bits>(random() >> (64 - kRandomBits));
    const T pattern = std::bit_cast<T>((static_cast<Bits>(n) << kRandomBits) | rest);
    if (!std::isnan(pattern)) x.push_back(pattern);
    x.push_back(from + (to - from) * static_cast<T>(static_cast<double>(random() >> 11) * 0x1p-53));
  }
  std::sort(x.begin(), x.end());
  return x;
}

template <typename T>
std::string problem_with_special_values(const Elementary<T>& function) {
  constexpr T kNaN = std::numeric_limits<T>::quiet_NaN(), kInf = std::numeric_limits<T>::infinity();
  // Alone, and in a vector whose other lanes hold ordinary numbers.
  for (const std::size_t size : Sizes{1, 21}) {
    std::vector<T> x(size, T{0.5}), y(size);
    for (std::size_t place = 0; place < size; ++place) {
      for (const auto& [argument, expected] : {std::pair{kNaN, kNaN}, std::pair{kInf, function.at_infinity},
                                               std::pair{-kInf, function.at_minus_infinity}}) {
        x[place] = argument;
        function.evaluate(x, y);
        if (y[place] == expected || (std::isnan(expected) && std::isnan(y[place]))) continue;
        return describe<T>(function, "is wrong", argument, y[place], expected, 0.0);
      }
      x[place] = T{0.5};
    }
  }
  return "";
}

}  // namespace

template <typename T>
std::string accuracy_problem(const Elementary<T>& function) {
  const std::vector<T> x = arguments(function.from, function.to);
  std::vector<T> y(x.size()), shifted(x.size() - 1);
  function.evaluate(x, y);
  double worst = 0.0;
  std::size_t worst_at = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    const double ulps = error_in_ulps(function, y[n], function.exact(static_cast<long double>(x[n])));
    if (ulps > worst) worst = ulps, worst_at = n;
    if (n > 0 && y[n] < y[n - 1]) return describe<T>(function, "falls", x[n], y[n], y[n - 1], 0.0);
  }
  if (!(worst <= function.ulps)) {
    return describe<T>(function, "is inexact", x[worst_at], y[worst_at],
                       function.exact(static_cast<long double>(x[worst_at])), worst);
  }
  // The value does not depend on the lane of the vector, or on whether it lies in a tail.
  function.evaluate(std::span(x).subspan(1), shifted);
  for (std::size_t n = 0; n < shifted.size(); ++n) {
    if (shifted[n] != y[n + 1] && !(std::isnan(shifted[n]) && std::isnan(y[n + 1])))
      return describe<T>(function, "depends on its place", x[n + 1], shifted[n], y[n + 1], 0.0);
  }
  return problem_with_special_values(function);
}

template std::string accuracy_problem(const Elementary<float>&);
template std::string accuracy_problem(const Elementary<double>&);

}  // namespace mlpbench::test
