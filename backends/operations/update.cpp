#include <type_traits>

#include "backends/operations/entries.h"
#include "core/optimisers/optimiser.h"

namespace mlpbench {
namespace {

/// Parameters of moons, of 256 units on 64 inputs and of 784-512-512-10; then those of the layers that are
/// timed.
std::vector<TimedCall> timed() {
  std::vector<TimedCall> calls = {{{{1, 1, 17}}, TimedBy::rows_and_quick_roofline},
                                  {{{1, 1, 16640}}, TimedBy::rows_and_quick_roofline},
                                  {{{1, 1, 669706}}, TimedBy::rows_and_roofline}};
  for (const TimedCall& layer : timed_layers({}, {})) {
    const LayerShape& shape = layer.spec.shape;
    calls.push_back({{{1, 1, shape.units * (shape.inputs + 1)}}});
  }
  return calls;
}

}  // namespace

Operation update() {
  const auto call = [](const auto& a) {
    using T = std::remove_cvref_t<decltype(a.factor())>;
    a.backend.update(sgd_rule<T>(static_cast<double>(a.factor())), a.vector(0), a.vector(1), {});
    return 0.0;
  };
  return {.name = "update",
          .function = {},
          .formula = "theta = theta - rate * gradient",
          .operands = {{"theta", Extent::one, Extent::batch, Access::read_write},
                       {"gradient", Extent::one, Extent::batch}},
          .functions = {{}},
          .flop = [](const LayerShape& shape) { return 2.0 * static_cast<double>(shape.batch); },
          .exact = [](const CallSpec&) { return true; },
          .tolerance =
              [](const CallSpec&, double) {
                return Tolerance{1, 1.0};
              },
          .timed = timed(),
          .call = call,
          .reference = call};
}

}  // namespace mlpbench
