#include "backends/operations/entries.h"

namespace mlpbench {

Operation weight_gradient() {
  const auto call = [](const auto& a) {
    a.backend.weight_gradient(a[0], a[1], a.factor(), a[2], a.vector(3), a.scratch);
    return 0.0;
  };
  return {.name = "weight_gradient",
          .function = {},
          .formula = "dW = scale * dZ X^T, db = scale * dZ 1",
          .operands = {{"dZ", Extent::units, Extent::batch, Access::read, Values::any, -0.5, 0.5},
                       {"X", Extent::inputs, Extent::batch, Access::read, Values::any, 0.01, 0.99},
                       {"dW", Extent::units, Extent::inputs, Access::write},
                       {"db", Extent::one, Extent::units, Access::write}},
          .functions = {{}},
          .flop = product_flop,
          .exact = [](const CallSpec&) { return true; },
          .tolerance =
              [](const CallSpec& spec, double sums) {
                return Tolerance{spec.shape.batch, sums};
              },
          .timed = timed_layers(Activation::identity, Activation::identity),
          .call = call,
          .reference = call};
}

}  // namespace mlpbench
