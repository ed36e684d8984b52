#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = z where z > 0, else 0.01 z; a' = 1 where a > 0, else 0.01. The slope is that of A. Maas, A. Hannun, A.
/// Ng, Rectifier nonlinearities improve neural network acoustic models, 2013, section 2.
struct LeakyRelu {
  static constexpr double kKinks[] = {0.0};
  static constexpr ActivationInfo info{
      .name = "leaky-relu", .cost = Cost::cheap, .initializer = Initializer::he, .kinks = kKinks};
  static constexpr double kSlope = 0.01;

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    return select(less(constant<V>(0), z), z, constant<V>(kSlope) * z);
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return select(less(constant<V>(0), a), dA, constant<V>(kSlope) * dA);
  }
};

}  // namespace mlpbench::math
