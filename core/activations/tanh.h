#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = tanh z, a' = 1 - a^2
struct Tanh {
  static constexpr ActivationInfo info{.name = "tanh"};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    return tanh(z);
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return dA * fnma(a, a, constant<V>(1));
  }
};

}  // namespace mlpbench::math
