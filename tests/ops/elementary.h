#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "backends/registry.h"

namespace mlpbench::test {

/// A function of one number that a backend computes for many at once, and how exactly it must.
template <typename T>
struct Elementary {
  std::string name, backend;
  std::function<void(std::span<T> x, std::span<T> y)> evaluate;
  long double (*exact)(long double x);

  /// The same in double, to a hundredth of a float's last place. It is ten times faster, and enough for all
  /// values that are not at the edge of what is allowed. May be null.
  double (*nearly)(double x) = nullptr;

  double ulps = 2.0;   ///< the largest error, in units of the last place of the exact value
  T from = 0, to = 0;  ///< where the function does more than to saturate: half of the sample lies there

  /// Values below the smallest normal number may be off by as much as that. 1 / (1 + exp(-x)) is 0 where
  /// exp(-x) overflows, also for the naive backend.
  bool subnormals_may_vanish = false;
};

/// The functions of one number that the table of operations has, each on every backend that offers it. The
/// bound is 1 unit in the last place, for tanh 1.5, for sigmoid of doubles 1.02 (1.005 at -37.78).
template <typename T>
std::vector<std::vector<Elementary<T>>> elementary_functions();

/// An empty string, or the first argument at which `function` is not what it should be, with the worst error.
/// Tried on more than 2^21 arguments: all exponents, subnormal numbers, infinities, NaN.
template <typename T>
std::string check_accuracy(const Elementary<T>& function);

/// An empty string, or the first of those arguments at which two backends have other bits.
template <typename T>
std::string check_same_bits(const std::vector<Elementary<T>>& on_backends);

/// Exactness for all 2^32 floats in ascending order, on every core, no value below its predecessor's, and
/// the same bits on every backend.
std::string check_every_float(const std::vector<Elementary<float>>& on_backends);

/// The same for `count` random doubles, half of them with random bits, half in [from, to], but not whether
/// values fall.
std::string check_random(const std::vector<Elementary<double>>& on_backends, std::size_t count);

}  // namespace mlpbench::test
