// What the entries of the table share.
#pragma once

#include <algorithm>

#include "backends/operations/operation.h"

namespace mlpbench {

/// The layers that are timed. They are of moons, of a small table of data, and a wide one, which the roofline
/// has too. The others are of wide networks, of breast cancer, and of a table again.
inline constexpr LayerShape kMoons{4, 2, 32}, kTable{64, 64, 1024}, kWide{512, 512, 256};
inline constexpr LayerShape kWideFirst{512, 784, 256}, kWideHead{10, 512, 256}, kCancer{10, 30, 455},
    kTableFirst{64, 28, 1024};

/// An operation of a layer at those shapes, `narrow` at the first.
inline std::vector<TimedCall> timed_layers(Activation narrow, Activation other) {
  return {{{kMoons, narrow}, TimedBy::rows_and_quick_roofline},
          {{kTable, other}, TimedBy::rows_and_quick_roofline},
          {{kWide, other}, TimedBy::rows_and_roofline},
          {{kWideFirst, other}},
          {{kWideHead, other}},
          {{kCancer, other}},
          {{kTableFirst, other}}};
}

/// Whether a layer's value is a sum and nothing that rounds otherwise on another backend.
inline bool is_piecewise_linear(Activation activation) { return info(activation).cost != Cost::elementary; }

/// Whether the derivative is one of a few exact operations.
inline bool has_simple_derivative(Activation activation) {
  return !info(activation).needs_z || is_piecewise_linear(activation);
}

inline std::vector<Functions> each_of(std::span<const Activation> activations) {
  std::vector<Functions> functions;
  for (const Activation activation : activations) functions.push_back({activation});
  return functions;
}

inline double product_flop(const LayerShape& shape) { return shape.product_flop(); }

}  // namespace mlpbench
