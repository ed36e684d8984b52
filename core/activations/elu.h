#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = z where z > 0, else e^z - 1; a' = 1 where a > 0, else a + 1
struct Elu {
  static constexpr double kKinks[] = {0.0};
  static constexpr ActivationInfo info{.name = "elu", .initializer = Initializer::he, .kinks = kKinks};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    const V zero = constant<V>(0);
    return select(less(zero, z), z, expm1_of_negative(min_or_second(zero, z)));
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return select(less(constant<V>(0), a), dA, dA * (a + constant<V>(1)));
  }
};

}  // namespace mlpbench::math
