#include "backends/operations/entries.h"

namespace mlpbench {
namespace {

using enum Activation;
using enum Loss;

TimedCall timed(std::size_t outputs, std::size_t batch, Loss loss, Activation activation,
                TimedBy by = TimedBy::rows) {
  return {{{outputs, 1, batch}, activation, {loss, 1e-8}}, by};
}

std::vector<Functions> losses_with_activations() {
  std::vector<Functions> functions;
  for (const Loss loss : kLosses) {
    for (const Activation last : kActivations) {
      if (fits(loss, last)) functions.push_back({last, loss});
    }
  }
  return functions;
}

}  // namespace

Operation output_delta() {
  const auto call = [](const auto& a) {
    // Any numbers will do for Z, where the activation needs it.
    return a.backend.output_delta(a.spec.loss, a.spec.activation, a[0], a[1], a[2], a[0]);
  };
  return {.name = "output_delta",
          .function = {},
          .formula =
              "loss of A against Y, dZ = its derivative: A - Y but for Huber and absolute errors, times "
              "act'(Z) for squares",
          .operands = {{"A", Extent::units, Extent::batch, Access::read, Values::activations, 0.05, 0.95},
                       {"Y", Extent::units, Extent::batch, Access::read, Values::targets},
                       {"dZ", Extent::units, Extent::batch, Access::write, Values::any, 0, 0, 0}},
          .takes = Takes::loss,
          .functions = losses_with_activations(),
          .flop = [](const LayerShape&) { return 0.0; },
          .exact =
              [](const CallSpec& spec) {
                return !info(spec.loss.kind).of_classes && has_simple_derivative(spec.activation);
              },
          .tolerance =
              [](const CallSpec&, double) {
                return Tolerance{1, 2.0};
              },  // |A - Y| <= 2
          .timed = {timed(1, 32, binary_cross_entropy, sigmoid, TimedBy::rows_and_quick_roofline),
                    timed(1, 1024, binary_cross_entropy, sigmoid, TimedBy::rows_and_quick_roofline),
                    timed(10, 256, softmax_cross_entropy, softmax, TimedBy::rows_and_roofline),
                    timed(1, 455, binary_cross_entropy, sigmoid), timed(1, 100, mean_squared_error, identity),
                    timed(10, 32, softmax_cross_entropy, softmax)},
          .call = call,
          .reference = call};
}

}  // namespace mlpbench
