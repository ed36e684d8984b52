#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace mlpbench::test {

/// A function of one number that a backend computes for many at once, and how exactly it must. One test for
/// whatever can be written down so: the public operations (test_elementary.cpp), or the functions of a kernel
/// by themselves.
template <typename T>
struct Elementary {
  std::string name;
  std::function<void(std::span<const T> x, std::span<T> y)> evaluate;
  long double (*exact)(long double x);

  /// The same in double, to a hundredth of a float's last place: ten times faster, and enough for all values
  /// that are not at the edge of what is allowed. May be null.
  double (*nearly)(double x) = nullptr;

  double ulps = 2.0;   ///< the largest error, in units of the last place of the exact value
  T from = 0, to = 0;  ///< where the function does more than to saturate: half of the sample lies there
  T at_minus_infinity = 0, at_infinity = 0;

  /// Values below the smallest normal number may be off by as much as that: 1 / (1 + exp(-x)) is 0 where
  /// exp(-x) overflows, the naive backend's too.
  bool subnormals_may_vanish = false;
};

/// An empty string, or the first argument at which `function` is not what it should be, with the worst error.
/// Tried on more than 2^21 arguments: all exponents, subnormal numbers, infinities, NaN.
template <typename T>
std::string accuracy_problem(const Elementary<T>& function);

/// The same for all 2^32 floats in ascending order, on every core: exactness, and no value below its
/// predecessor's.
std::string problem_on_every_float(const Elementary<float>& function);

/// The same for `count` random doubles, half of them with random bits, half in [from, to]; exactness only.
std::string problem_on_random(const Elementary<double>& function, std::size_t count);

}  // namespace mlpbench::test
