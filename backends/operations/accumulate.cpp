#include "backends/operations/entries.h"

namespace mlpbench {

/// Exact in either precision: a sum of two numbers rounds once, however it is computed.
Operation accumulate() {
  const auto call = [](const auto& a) {
    a.backend.accumulate(a.vector(0), a.vector(1));
    return 0.0;
  };
  return {.name = "accumulate",
          .function = {},
          .formula = "sum = sum + addend",
          .operands = {{"sum", Extent::one, Extent::batch, Access::read_write},
                       {"addend", Extent::one, Extent::batch}},
          .functions = {{}},
          .flop = [](const LayerShape& shape) { return static_cast<double>(shape.batch); },
          .exact = [](const CallSpec&) { return true; },
          .tolerance = [](const CallSpec&, double) { return Tolerance::exact(); },
          .timed = {{{{1, 1, 17}}}, {{{1, 1, 669706}}}},
          .call = call,
          .reference = call};
}

}  // namespace mlpbench
