#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = z s with s = sigmoid(z), also called swish; a' = s + z s (1 - s). S. Elfwing, E. Uchibe, K. Doya,
/// Sigmoid-weighted linear units, Neural Networks 107, 2018, equations 3 and 5. Below -1000, where s is 0 in
/// either precision, a is -0, for minus infinity too.
struct Silu {
  static constexpr ActivationInfo info{.name = "silu", .initializer = Initializer::he, .needs_z = true};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    z = max_or_second(constant<V>(-1000), z);
    return z * sigmoid(z);
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V z, V dA) {
    z = max_or_second(constant<V>(-1000), min_or_second(constant<V>(1000), z));
    const SigmoidParts<V> s = sigmoid_parts(z);
    return dA * (s.value + z * s.value * s.rest);
  }
};

}  // namespace mlpbench::math
