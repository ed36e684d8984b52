#pragma once

#include "core/losses/info.h"

namespace mlpbench::math {

/// -( y log(a + e) + (1 - y) log(1 - a + e) ), after sigmoid; dZ = a - y
struct BinaryCrossEntropy {
  static constexpr LossInfo info{.name = "binary cross-entropy",
                                 .word = "bce",
                                 .canonical = Activation::sigmoid,
                                 .canonical_only = true,
                                 .of_classes = true};

  template <typename V>
  [[gnu::always_inline]] static V value(V a, V y, const LossSpec& spec) {
    const V log_epsilon = constant<V>(spec.log_epsilon);
    return constant<V>(0) - log_likelihood(y, a + log_epsilon, (constant<V>(1) - a) + log_epsilon);
  }
  template <typename V>
  [[gnu::always_inline]] static V delta(V a, V y, const LossSpec&) {
    return a - y;
  }
};

}  // namespace mlpbench::math
