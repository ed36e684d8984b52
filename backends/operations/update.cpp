#include <algorithm>
#include <type_traits>

#include "backends/operations/entries.h"
#include "core/optimisers/list.h"
#include "core/optimisers/optimiser.h"

namespace mlpbench {
namespace {

/// Parameters of moons, of 256 units on 64 inputs and of 784-512-512-10; then those of the layers that are
/// timed.
std::vector<TimedCall> timed_sgd() {
  std::vector<TimedCall> calls = {{{{1, 1, 17}}, TimedBy::rows_and_quick_roofline},
                                  {{{1, 1, 16640}}, TimedBy::rows_and_quick_roofline},
                                  {{{1, 1, 669706}}, TimedBy::rows_and_roofline}};
  for (const TimedCall& layer : timed_layers({}, {})) {
    const LayerShape& shape = layer.spec.shape;
    calls.push_back({{{1, 1, shape.units * (shape.inputs + 1)}}});
  }
  return calls;
}

/// The second update of the optimiser in this place of the list: the first has special coefficients.
template <std::size_t kOptimiser>
double call(const auto& a) {
  using T = std::remove_cvref_t<decltype(a.factor())>;
  const OptimiserEntry& entry = all_optimisers()[kOptimiser];
  double hyper_parameters[kMaxCoefficients] = {}, coefficients[kMaxCoefficients] = {};
  std::transform(entry.hyper_parameters.begin(), entry.hyper_parameters.end(), hyper_parameters,
                 [](const HyperParameter& parameter) { return parameter.value; });
  entry.coefficients(static_cast<double>(a.factor()), hyper_parameters, 2, coefficients);
  UpdateRule<T> rule{kOptimiser, {}};
  std::transform(coefficients, coefficients + kMaxCoefficients, rule.coefficients,
                 [](double c) { return static_cast<T>(c); });
  a.backend.update(rule, a.vector(0), a.vector(1), entry.state_buffers == 0 ? MatrixView<T>{} : a[2]);
  return 0.0;
}

/// State is made of numbers that are not negative, as sums of squares are. A quotient is at most 10: the
/// square of a gradient is a part of what it is divided by.
template <std::size_t kOptimiser>
Operation update_of() {
  const OptimiserEntry& entry = all_optimisers()[kOptimiser];
  const auto update = [](const auto& a) { return call<kOptimiser>(a); };
  std::vector<Operand> operands = {{"theta", Extent::one, Extent::batch, Access::read_write},
                                   {"gradient", Extent::one, Extent::batch}};
  if (entry.state_buffers > 0) {
    operands.push_back({"state", entry.state_buffers == 1 ? Extent::one : Extent::two, Extent::batch,
                        Access::read_write, Values::squares, 0.0, 1.0});
  }
  constexpr bool kIsSgd = kOptimiser == kSgd;
  return {
      .name = "update",
      .function = kIsSgd ? std::string_view() : entry.name,
      .formula = kIsSgd ? "theta = theta - rate * gradient" : entry.about,
      .operands = operands,
      .functions = {{}},
      .flop = [](const LayerShape& shape) { return kIsSgd ? 2.0 * static_cast<double>(shape.batch) : 0.0; },
      .exact = [](const CallSpec&) { return kIsSgd; },
      .tolerance =
          [](const CallSpec&, double) {
            return Tolerance{1, kIsSgd ? 1.0 : 10.0};
          },
      .timed = kIsSgd ? timed_sgd() : std::vector<TimedCall>{{{{1, 1, 669706}}}},
      .call = update,
      .reference = update};
}

}  // namespace

std::vector<Operation> updates() {
  return []<std::size_t... optimisers>(std::index_sequence<optimisers...>) {
    return std::vector<Operation>{update_of<optimisers>()...};
  }
  (std::make_index_sequence<kOptimiserCount>());
}

}  // namespace mlpbench
