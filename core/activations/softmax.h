#pragma once

#include <cstddef>
#include <limits>

#include "core/activations/identity.h"
#include "core/scalar_math.h"

namespace mlpbench::math {

/// a = e^(z - m) / sum of e^(z - m), over the units of a sample, m being the largest z of them. The
/// cross-entropy takes the derivative.
struct Softmax : Identity {
  static constexpr ActivationInfo info{.name = "softmax", .last_layer_only = true};

  /// One sample, or one in each lane of V: load(u) is element u, and store(u, v) replaces it.
  template <typename V, typename Load, typename Store>
  [[gnu::always_inline]] static void forward_units(std::size_t units, Load load, Store store) {
    V largest = constant<V>(-std::numeric_limits<double>::infinity());
    for (std::size_t u = 0; u < units; ++u) largest = max_or_second(largest, load(u));
    V sum = constant<V>(0);
    for (std::size_t u = 0; u < units; ++u) {
      const V e = exp(load(u) - largest);
      store(u, e);
      sum = sum + e;
    }
    for (std::size_t u = 0; u < units; ++u) store(u, load(u) / sum);
  }
};

}  // namespace mlpbench::math
