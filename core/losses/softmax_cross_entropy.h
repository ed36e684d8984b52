#pragma once

#include "core/losses/info.h"

namespace mlpbench::math {

/// -y log(a + e), summed over the outputs, after softmax; dZ = a - y
struct SoftmaxCrossEntropy {
  static constexpr LossInfo info{.name = "softmax cross-entropy",
                                 .word = "softmax",
                                 .canonical = Activation::softmax,
                                 .canonical_only = true,
                                 .of_classes = true};

  template <typename V>
  [[gnu::always_inline]] static V value(V a, V y, const LossSpec& spec) {
    const V log_epsilon = constant<V>(spec.log_epsilon);
    return constant<V>(0) - y * clipped_log(a + log_epsilon);
  }
  template <typename V>
  [[gnu::always_inline]] static V delta(V a, V y, const LossSpec&) {
    return a - y;
  }
};

}  // namespace mlpbench::math
