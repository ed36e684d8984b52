#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = 1 / (1 + e^-z), a' = a (1 - a)
struct Sigmoid {
  static constexpr ActivationInfo info{.name = "sigmoid"};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    return sigmoid(z);
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return dA * (a * (constant<V>(1) - a));
  }
};

}  // namespace mlpbench::math
