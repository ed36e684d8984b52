#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = z P(z). P is the distribution function of the standard normal distribution, p its density:
/// P(z) = erfc(-z / sqrt 2) / 2; a' = P(z) + z p(z). D. Hendrycks, K. Gimpel, Gaussian error linear units,
/// 2016, section 2. Below -40, where P is 0 in either precision, a is -0, also for minus infinity. The tail
/// multiplies the rounding of z / sqrt 2 by up to z^2. Vectors with FMA keep what the square of z lost.
struct Gelu {
  static constexpr ActivationInfo info{
      .name = "gelu", .initializer = Initializer::he, .needs_z = true, .ulps_with_fma = 6.0, .ulps = 100.0};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    z = max_or_second(constant<V>(-40), z);
    return z * standard_normal(z).distribution;
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V z, V dA) {
    z = max_or_second(constant<V>(-40), min_or_second(constant<V>(40), z));
    const auto normal = standard_normal(z);
    return dA * (normal.distribution + z * normal.density);
  }
};

/// The same with P(z) approximated by (1 + tanh u) / 2 = sigmoid(2 u), u = sqrt(2 / pi) (z + 0.044715 z^3).
/// The error is up to 3e-4. The tail multiplies the rounding of u by up to 2 u. a' = s + z s (1 - s) 2 u'
/// with s = sigmoid(2 u).
struct GeluTanh {
  static constexpr ActivationInfo info{.name = "gelu-tanh",
                                       .initializer = Initializer::he,
                                       .needs_z = true,
                                       .ulps_with_fma = 120.0,
                                       .ulps = 120.0};
  static constexpr double kCubic = 0.044715, kTwice = 1.5957691216057307;  ///< 2 sqrt(2 / pi)

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    z = max_or_second(constant<V>(-100), z);
    const V within = min_or_second(constant<V>(100), z);
    return z * sigmoid(constant<V>(kTwice) * (within + constant<V>(kCubic) * within * within * within));
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V z, V dA) {
    z = max_or_second(constant<V>(-100), min_or_second(constant<V>(100), z));
    const V square = z * z, one = constant<V>(1), twice = constant<V>(kTwice);
    const SigmoidParts<V> s = sigmoid_parts(twice * (z * (one + constant<V>(kCubic) * square)));
    const V slope = twice * (one + constant<V>(3 * kCubic) * square);
    return dA * (s.value + z * slope * (s.value * s.rest));
  }
};

}  // namespace mlpbench::math
