// What the entries of the table share.
#pragma once

#include <algorithm>

#include "backends/operations/operation.h"

namespace mlpbench {

/// The layers that are timed: of moons, of a small table of data, and a wide one, which the roofline has too;
/// of wide networks, of breast cancer, and of a table again.
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

/// Whether a layer's value is a sum and nothing else.
inline bool is_piecewise_linear(Activation activation) {
  return activation == Activation::identity || activation == Activation::relu;
}

inline double product_flop(const LayerShape& shape) { return shape.product_flop(); }

}  // namespace mlpbench
