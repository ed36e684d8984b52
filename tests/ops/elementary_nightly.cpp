#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <thread>
#include <vector>

#include "tests/ops/elementary.h"
#include "tests/ops/elementary_error.h"

namespace mlpbench::test {
namespace {

constexpr std::size_t kBlock = 1 << 14;

/// The floats in ascending order, 0 to 2^32 - 1: the negative NaN first, -infinity, ..., -0, 0, ... NaN.
float ordered_float(std::uint64_t n) {
  constexpr std::uint64_t kSign = 1ULL << 31;
  return std::bit_cast<float>(static_cast<std::uint32_t>(n < kSign ? 0xffffffffULL - n : n - kSign));
}

/// Whether the double reference alone proves that `y` is exact enough: the value rounds to `y`, or lies
/// nearer than the bound by more than the reference can be off.
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

/// The first problem among the floats first <= n < last; the predecessor of the first is looked at too.
std::string problem_between(const Elementary<float>& function, std::uint64_t first, std::uint64_t last) {
  std::vector<float> x(kBlock), y(kBlock);
  float before = -std::numeric_limits<float>::infinity();
  for (std::uint64_t start = first == 0 ? 0 : first - 1; start < last; start += kBlock) {
    const std::size_t count = std::min<std::uint64_t>(kBlock, last - start);
    for (std::size_t i = 0; i < count; ++i) x[i] = ordered_float(start + i);
    function.evaluate(std::span(x).first(count), std::span(y).first(count));
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

std::string problem_on_every_float(const Elementary<float>& function) {
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::string> problems(threads);
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        constexpr std::uint64_t kAll = 1ULL << 32;
        problems[t] = problem_between(function, kAll * t / threads, kAll * (t + 1) / threads);
      });
    }
  }
  for (const std::string& problem : problems) {
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string problem_on_random(const Elementary<double>& function, std::size_t count) {
  std::mt19937_64 random(2);
  std::vector<double> x(kBlock), y(kBlock);
  for (std::size_t done = 0; done < count; done += kBlock) {
    for (std::size_t i = 0; i < kBlock; ++i) {
      const std::uint64_t bits = random();
      x[i] = i % 2 == 0 ? std::bit_cast<double>(bits)
                        : function.from +
                              (function.to - function.from) * (static_cast<double>(bits >> 11) * 0x1p-53);
    }
    function.evaluate(x, y);
    for (std::size_t i = 0; i < kBlock; ++i) {
      const long double exact = function.exact(static_cast<long double>(x[i]));
      const double ulps = error_in_ulps(function, y[i], exact);
      if (!(ulps <= function.ulps)) return describe(function, "is inexact", x[i], y[i], exact, ulps);
    }
  }
  return "";
}

}  // namespace mlpbench::test
