#pragma once

#include "core/losses/info.h"

namespace mlpbench::math {

/// |a - y|, after no activation; dZ = the sign of a - y, 0 where they are equal, as PyTorch's L1Loss
struct MeanAbsoluteError {
  static constexpr LossInfo info{.name = "mean absolute error",
                                 .word = "mae",
                                 .canonical = Activation::identity,
                                 .canonical_only = true};

  template <typename V>
  [[gnu::always_inline]] static V value(V a, V y, const LossSpec&) {
    const V r = a - y;
    return max_or_second(constant<V>(0) - r, r);
  }
  /// A NaN stays one.
  template <typename V>
  [[gnu::always_inline]] static V delta(V a, V y, const LossSpec&) {
    const V r = a - y, zero = constant<V>(0);
    return select(less(zero, r), constant<V>(1), select(less(r, zero), constant<V>(-1), r));
  }
};

}  // namespace mlpbench::math
