#include "backends/operations/entries.h"

namespace mlpbench {

Operation input_delta() {
  using enum Activation;
  const auto call = [](const auto& a) {
    a.backend.input_delta(a[0], a[1], a[2], a.spec.activation, a[3], a.scratch);
    return 0.0;
  };
  return {.name = "input_delta",
          .function = {},
          .formula = "dZ_prev = (W^T dZ) * act'(Z_prev)",
          .operands = {{"W", Extent::units, Extent::inputs, Access::read, Values::weights},
                       {"dZ", Extent::units, Extent::batch, Access::read, Values::any, -0.5, 0.5},
                       {"saved_prev", Extent::inputs, Extent::batch, Access::read, Values::activations, 0.01,
                        0.99},
                       {"dZ_prev", Extent::inputs, Extent::batch, Access::write}},
          .takes = Takes::activation,
          .functions = each_of(hidden_activations()),
          .flop = product_flop,
          .exact = [](const CallSpec& spec) { return has_simple_derivative(spec.activation); },
          .tolerance =
              [](const CallSpec& spec, double sums) {
                return Tolerance{spec.shape.units, sums};
              },
          .timed = timed_layers(tanh, relu),
          .call = call,
          .reference = call};
}

}  // namespace mlpbench
