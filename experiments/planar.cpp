#include <fmt/format.h>

#include "core/data/generators.h"
#include "experiments/notebook.h"
#include "experiments/numpy_print.h"

namespace mlpbench {
namespace {

constexpr InitialRule kInitial{WeightOrder::units_by_inputs, draw_hundredth};

Problem build(const Settings& settings) {
  Problem problem;
  problem.stream = RandomState(settings.seed);
  evaluate_on_training_set(planar_flower(problem.stream), problem);
  problem.network = dense_network(2, settings, {1, Activation::sigmoid}, {Loss::binary_cross_entropy});
  draw_initial(kInitial, settings, problem);
  return problem;
}

void print(const Problem&, const RunResult& result) {
  for_each_printed_epoch(result.trace.loss_per_epoch, [&](std::size_t epoch, double loss) {
    fmt::print("cost after {} iterations: {}\n", epoch, python_text(loss, result.dtype));
  });
  fmt::print("Accuracy: {:.2f}%\n", result.test_accuracy.value() * 100);
}

/// The reference file keeps every hundredth loss and the last one.
std::vector<ReferenceValue> reference_values(const RunResult& result) {
  const std::vector<double>& losses = result.trace.loss_per_epoch;
  std::vector<double> every_100;
  for (std::size_t epoch = 0; epoch < losses.size(); epoch += 100) every_100.push_back(losses[epoch]);
  std::vector<ReferenceValue> values{{"loss_every_100", every_100}};
  if (!losses.empty()) values.push_back({"final_loss", {losses.back()}});  // inference has none
  append_parameters(result.parameters, kInitial.order, values);
  return values;
}

}  // namespace

Experiment planar_experiment() {
  return {.name = "planar",
          .about = "a flower of two interleaved classes in the plane: tanh, full batch",
          .defaults = settings_of("--trainer full-batch --epochs 10000 --learning-rate 0.01 --hidden 4 "
                                  "--activation tanh --seed 1"),
          .build = build,
          .print = print,
          .reference_values = reference_values,
          .draws_boundary = true};
}

}  // namespace mlpbench
