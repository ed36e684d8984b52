#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = min(1, max(-1, z)); a' = 1 where -1 < a < 1, else 0. R. Collobert, Large scale machine learning, 2004,
/// section 5.2.
struct HardTanh {
  static constexpr double kKinks[] = {-1.0, 1.0};
  static constexpr ActivationInfo info{.name = "hard-tanh", .cost = Cost::cheap, .kinks = kKinks};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    return max_or_second(constant<V>(-1), min_or_second(constant<V>(1), z));  // NaN stays NaN
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    const V zero = constant<V>(0);
    return select(less(constant<V>(-1), a), select(less(a, constant<V>(1)), dA, zero), zero);
  }
};

}  // namespace mlpbench::math
