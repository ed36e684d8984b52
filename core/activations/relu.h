#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = max(0, z), NaN of NaN; a' = 1 where a > 0, else 0, even of a dA that is not finite
struct Relu {
  static constexpr double kKinks[] = {0.0};
  static constexpr ActivationInfo info{
      .name = "relu", .cost = Cost::cheap, .initializer = Initializer::he, .kinks = kKinks};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    return max_or_second(constant<V>(0), z);  // in this order NaN stays NaN
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return select(less(constant<V>(0), a), dA, constant<V>(0));
  }
};

}  // namespace mlpbench::math
