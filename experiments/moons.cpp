#include <fmt/format.h>

#include <cmath>

#include "core/data/generators.h"
#include "experiments/memory.h"
#include "experiments/notebook.h"
#include "experiments/numpy_print.h"

namespace mlpbench {
namespace {

// The notebook divides; a product with 1 / sqrt(inputs) would round otherwise.
constexpr InitialRule kInitial{WeightOrder::inputs_by_units, [](RandomState& stream, std::size_t inputs) {
                                 return stream.standard_normal() / std::sqrt(static_cast<double>(inputs));
                               }};

constexpr std::uint32_t kDataSeed = 42;  ///< of the points, for any --seed

Problem build(const Settings& settings) {
  Problem problem;
  require_data_memory("--samples", settings.samples, 2);
  hold_out_a_fifth(make_moons(settings.samples, 0.2, kDataSeed), settings.split_seed, problem);
  problem.network = dense_network(2, settings, {1, Activation::sigmoid}, {Loss::binary_cross_entropy});
  start_and_draw_initial(kInitial, settings, problem);
  return problem;
}

void print(const Problem& problem, const RunResult& result) {
  fmt::print("n_input = {}, n_output = {}\n", problem.network.inputs, problem.network.outputs());
  for_each_printed_epoch(result.trace.loss_per_epoch, [&](std::size_t epoch, double loss) {
    fmt::print("Cost after epoch {}: {}\n", epoch, python_text(loss, result.dtype));
  });
  for (std::size_t l = 0; l < result.parameters.layers(); ++l) {
    const Matrix<double> W = as_stored(result.parameters.W(l), kInitial.order);
    const Matrix<double> b = as_stored(result.parameters.b(l), kInitial.order);
    fmt::print("W{} = {}\n", l + 1, numpy_text(W.view(), result.dtype));
    fmt::print("b{} = {}\n", l + 1, numpy_text(b.view(), result.dtype));
  }
  fmt::print("Accuracy: {}\n", python_text(result.test_accuracy.value(), result.dtype));
}

std::vector<ReferenceValue> reference_values(const RunResult& result) {
  std::vector<ReferenceValue> values{{"cost_per_epoch", result.trace.loss_per_epoch},
                                     {"test_output", flattened(result.test_output.view())}};
  append_parameters(result.parameters, kInitial.order, values);
  return values;
}

}  // namespace

Experiment moons_experiment() {
  return {.name = "moons",
          .about = "two interleaving half circles: tanh, mini-batches of 32",
          .defaults = settings_of("--samples 1000 --trainer mini-batch --epochs 10 "
                                  "--learning-rate 0.01 --batch-size 32 --hidden 4 --activation tanh "
                                  "--seed 42"),
          .build = build,
          .print = print,
          .reference_values = reference_values,
          .draws_boundary = true};
}

}  // namespace mlpbench
