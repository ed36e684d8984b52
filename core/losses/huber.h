#pragma once

#include "core/losses/info.h"

namespace mlpbench::math {

/// With r = a - y and d = huber_delta the loss is r^2 / 2 where |r| <= d, else d (|r| - d / 2). dZ = r cut to
/// [-d, d], after no activation. P. Huber, Robust estimation of a location parameter, Annals of Mathematical
/// Statistics 35, 1964. The same as PyTorch's HuberLoss and Keras's Huber. Both cases are c (|r| - c / 2)
/// with c = min(|r|, d).
struct Huber {
  static constexpr LossInfo info{
      .name = "Huber loss", .word = "huber", .canonical = Activation::identity, .canonical_only = true};

  template <typename V>
  [[gnu::always_inline]] static V value(V a, V y, const LossSpec& spec) {
    const V r = a - y, size = max_or_second(constant<V>(0) - r, r);
    const V cut = min_or_second(constant<V>(spec.huber_delta), size);
    return cut * (size - constant<V>(0.5) * cut);
  }
  template <typename V>
  [[gnu::always_inline]] static V delta(V a, V y, const LossSpec& spec) {
    const V d = constant<V>(spec.huber_delta);
    return max_or_second(constant<V>(0) - d, min_or_second(d, a - y));
  }
};

}  // namespace mlpbench::math
