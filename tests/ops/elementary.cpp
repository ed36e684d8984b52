#include "tests/ops/elementary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <thread>
#include <type_traits>
#include <vector>

#include "backends/operations/operation.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

constexpr std::uint32_t kSamples = 1U << 20;
constexpr std::size_t kBlock = 1 << 14;  ///< arguments at a time, of many

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
std::string check_special_values(const Elementary<T>& function) {
  constexpr T kNaN = std::numeric_limits<T>::quiet_NaN(), kInf = std::numeric_limits<T>::infinity();
  // Alone, and in a vector whose other lanes hold ordinary numbers.
  for (const std::size_t size : Sizes{1, 21}) {
    std::vector<T> x(size, T{0.5}), y(size);
    for (std::size_t place = 0; place < size; ++place) {
      for (const T argument : {kNaN, kInf, -kInf}) {
        const T expected = static_cast<T>(function.exact(static_cast<long double>(argument)));
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

/// The floats in ascending order, 0 to 2^32 - 1: the negative NaN first, -infinity, ..., -0, 0, ... NaN.
float ordered_float(std::uint64_t n) {
  constexpr std::uint64_t kSign = 1ULL << 31;
  return std::bit_cast<float>(static_cast<std::uint32_t>(n < kSign ? 0xffffffffULL - n : n - kSign));
}

/// Whether the double reference alone proves that `y` is exact enough. The value rounds to `y`, or is nearer
/// than the bound by more than the error of the reference.
bool surely_exact(const Elementary<float>& function, float x, float y) {
  if (function.nearly == nullptr) return false;
  const double value = function.nearly(static_cast<double>(x));
  if (static_cast<float>(value) == y || (std::isnan(value) && std::isnan(y))) return true;
  constexpr std::uint64_t kBias = 1023;
  const std::uint64_t exponent = std::bit_cast<std::uint64_t>(value) >> 52 & 0x7ff;
  const std::uint64_t smallest_normal = kBias - 126;
  const double unit = std::bit_cast<double>((std::max(exponent, smallest_normal) - 23) << 52);
  return std::abs(static_cast<double>(y) - value) <= (function.ulps - 0.01) * unit;
}

/// y = f(x) on the first backend, and an empty string or where another one has other bits.
template <typename T>
std::string evaluate_alike(const std::vector<Elementary<T>>& on_backends, std::span<T> x, std::span<T> y) {
  on_backends[0].evaluate(x, y);
  std::vector<T> other(x.size());
  for (std::size_t b = 1; b < on_backends.size(); ++b) {
    on_backends[b].evaluate(x, other);
    if (std::memcmp(y.data(), other.data(), y.size_bytes()) == 0) continue;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (std::memcmp(&y[i], &other[i], sizeof(T)) == 0 || (std::isnan(y[i]) && std::isnan(other[i])))
        continue;
      return describe<T>(on_backends[b], ("has other bits on " + on_backends[b].backend).c_str(), x[i],
                         other[i], static_cast<long double>(y[i]), 0.0);
    }
  }
  return "";
}

/// The first problem among the floats first <= n < last; the predecessor of the first is looked at too.
std::string check_between(const std::vector<Elementary<float>>& on_backends, std::uint64_t first,
                          std::uint64_t last) {
  const Elementary<float>& function = on_backends[0];
  std::vector<float> x(kBlock), y(kBlock);
  float before = -std::numeric_limits<float>::infinity();
  for (std::uint64_t start = first == 0 ? 0 : first - 1; start < last; start += kBlock) {
    const std::size_t count = std::min<std::uint64_t>(kBlock, last - start);
    for (std::size_t i = 0; i < count; ++i) x[i] = ordered_float(start + i);
    const std::string differs =
        evaluate_alike(on_backends, std::span(x).first(count), std::span(y).first(count));
    if (!differs.empty()) return differs;
    for (std::size_t i = 0; i < count; ++i) {
      if (!surely_exact(function, x[i], y[i])) {
        const long double exact = function.exact(static_cast<long double>(x[i]));
        const double ulps = error_in_ulps(function, y[i], exact);
        if (!(ulps <= function.ulps)) return describe(function, "is inexact", x[i], y[i], exact, ulps);
      }
      if (y[i] < before) return describe<float>(function, "falls", x[i], y[i], before, 0.0);
      if (!std::isnan(y[i])) before = y[i];
    }
  }
  return "";
}

}  // namespace

template <typename T>
std::string check_accuracy(const Elementary<T>& function) {
  std::vector<T> x = arguments(function.from, function.to);
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
  return check_special_values(function);
}

template <typename T>
std::string check_same_bits(const std::vector<Elementary<T>>& on_backends) {
  std::vector<T> x = arguments(on_backends[0].from, on_backends[0].to), y(x.size());
  return evaluate_alike<T>(on_backends, x, y);
}

std::string check_every_float(const std::vector<Elementary<float>>& on_backends) {
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::string> problems(threads);
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        constexpr std::uint64_t kAll = 1ULL << 32;
        problems[t] = check_between(on_backends, kAll * t / threads, kAll * (t + 1) / threads);
      });
    }
  }
  for (const std::string& problem : problems) {
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string check_random(const std::vector<Elementary<double>>& on_backends, std::size_t count) {
  const Elementary<double>& function = on_backends[0];
  std::mt19937_64 random(2);
  std::vector<double> x(kBlock), y(kBlock);
  for (std::size_t done = 0; done < count; done += kBlock) {
    for (std::size_t i = 0; i < kBlock; ++i) {
      const std::uint64_t bits = random();
      x[i] = i % 2 == 0 ? std::bit_cast<double>(bits)
                        : function.from +
                              (function.to - function.from) * (static_cast<double>(bits >> 11) * 0x1p-53);
    }
    const std::string differs = evaluate_alike<double>(on_backends, x, y);
    if (!differs.empty()) return differs;
    for (std::size_t i = 0; i < kBlock; ++i) {
      const long double exact = function.exact(static_cast<long double>(x[i]));
      const double ulps = error_in_ulps(function, y[i], exact);
      if (!(ulps <= function.ulps)) return describe(function, "is inexact", x[i], y[i], exact, ulps);
    }
  }
  return "";
}

template <typename T>
std::vector<std::vector<Elementary<T>>> elementary_functions() {
  std::vector<std::vector<Elementary<T>>> result;
  for (const Operation& operation : operations()) {
    if (!operation.scalar) continue;
    const auto& [exact, nearly, low, high] = *operation.scalar;
    Elementary<T> function{std::string(operation.function), "", nullptr, exact, nearly};
    function.ulps = operation.function == "tanh" ? 1.5 : 1.0;
    if (operation.function == "sigmoid" && sizeof(T) == sizeof(double)) function.ulps = 1.02;
    function.from = std::max(static_cast<T>(low), std::log(std::numeric_limits<T>::denorm_min()));
    function.to = std::min(static_cast<T>(high), std::log(std::numeric_limits<T>::max()));
    result.emplace_back();
    for_each_backend(kDTypeOf<T>, [&](const BackendEntry& entry) {
      const Backend<T>& backend = entry.get<T>();
      if (!operation.offered_by(backend)) return;
      function.backend = entry.name;
      function.evaluate = [&operation, &backend](std::span<T> x, std::span<T> y) {
        const std::size_t n = x.size();
        const MatrixView<T> operands[] = {{x.data(), 1, n, n}, {y.data(), 1, n, n}};
        operation.call.get<T>()({backend, {{1, 1, n}}, operands, {}});
      };
      result.back().push_back(function);
    });
  }
  return result;
}

template std::vector<std::vector<Elementary<float>>> elementary_functions();
template std::vector<std::vector<Elementary<double>>> elementary_functions();
template std::string check_same_bits(const std::vector<Elementary<float>>&);
template std::string check_same_bits(const std::vector<Elementary<double>>&);
template std::string check_accuracy(const Elementary<float>&);
template std::string check_accuracy(const Elementary<double>&);

}  // namespace mlpbench::test
