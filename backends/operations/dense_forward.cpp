#include "backends/operations/entries.h"

namespace mlpbench {
namespace {

using enum Activation;

/// ReLU at every shape; each of the other functions where a network has it and where its cost shows.
std::vector<TimedCall> timed() {
  std::vector<TimedCall> calls = timed_layers(tanh, relu);
  for (const CallSpec& other :
       {CallSpec{kMoons, relu}, CallSpec{kMoons, sigmoid}, CallSpec{kTable, tanh}, CallSpec{kTable, sigmoid},
        CallSpec{kTable, elu}, CallSpec{kWide, identity}, CallSpec{kWide, tanh}, CallSpec{kWide, sigmoid},
        CallSpec{kWideHead, softmax}, CallSpec{kCancer, tanh}, CallSpec{kCancer, sigmoid},
        CallSpec{{1, 10, 455}, sigmoid}, CallSpec{{1, 4, 32}, sigmoid}}) {
    calls.push_back({other});
  }
  return calls;
}

/// Functions with an exponential add a few roundings of numbers up to 1, however small the sums are.
Tolerance tolerance(const CallSpec& spec, double sums) {
  const std::size_t of_softmax = info(spec.activation).last_layer_only ? spec.shape.units : 0;
  return {spec.shape.inputs + 1 + of_softmax,
          is_piecewise_linear(spec.activation) ? sums : std::max(1.0, sums)};
}

}  // namespace

Operation dense_forward() {
  const auto call = [](const auto& a) {
    a.backend.dense_forward(a[0], a.vector(1), a[2], a.spec.activation, a[3], a.scratch);
    return 0.0;
  };
  return {.name = "dense_forward",
          .function = {},
          .formula = "A = act(W X + b 1^T)",
          .operands = {{"W", Extent::units, Extent::inputs, Access::read, Values::weights},
                       {"b", Extent::one, Extent::units, Access::read, Values::any, -0.1, 0.1},
                       {"X", Extent::inputs, Extent::batch, Access::read, Values::any, 0.01, 0.99},
                       {"A", Extent::units, Extent::batch, Access::write}},
          .takes = Takes::activation,
          .functions = each_of(kActivations),
          .flop = product_flop,
          .exact = [](const CallSpec& spec) { return is_piecewise_linear(spec.activation); },
          .tolerance = tolerance,
          .timed = timed(),
          .call = call,
          .reference = call};
}

}  // namespace mlpbench
