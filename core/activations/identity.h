#pragma once

#include "core/activations/info.h"

namespace mlpbench::math {

/// a = z
struct Identity {
  static constexpr ActivationInfo info{.name = "identity", .cost = Cost::none};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    return z;
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V, V dA) {
    return dA;
  }
};

}  // namespace mlpbench::math
