#pragma once

#include "core/losses/info.h"

namespace mlpbench::math {

/// (a - y)^2, after any activation but softmax; dA = a - y, the derivative of half of it
struct MeanSquaredError {
  static constexpr LossInfo info{
      .name = "mean squared error", .word = "mse", .canonical = Activation::identity};

  template <typename V>
  [[gnu::always_inline]] static V value(V a, V y, const LossSpec&) {
    return (a - y) * (a - y);
  }
  template <typename V>
  [[gnu::always_inline]] static V delta(V a, V y, const LossSpec&) {
    return a - y;
  }
};

}  // namespace mlpbench::math
