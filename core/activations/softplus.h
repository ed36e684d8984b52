#pragma once

#include "core/activations/info.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = log(1 + e^z) = max(0, z) + log(1 + e^-|z|); a' = sigmoid(z). C. Dugas et al., Incorporating
/// second-order functional knowledge for better option pricing, NIPS 2000.
struct Softplus {
  static constexpr ActivationInfo info{.name = "softplus", .initializer = Initializer::he, .needs_z = true};

  template <typename V>
  [[gnu::always_inline]] static V forward(V z) {
    const V zero = constant<V>(0);
    return max_or_second(zero, z) + log1p_of_share(exp(min_or_second(z, zero - z)));
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V z, V dA) {
    return dA * sigmoid(z);
  }
};

}  // namespace mlpbench::math
