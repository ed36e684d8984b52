#include <fmt/format.h>

#include "core/data/generators.h"
#include "experiments/notebook.h"
#include "experiments/numpy_print.h"
#include "support/format.h"

namespace mlpbench {
namespace {

constexpr InitialRule kInitial{WeightOrder::inputs_by_units,
                               [](RandomState& stream, std::size_t) { return stream.standard_normal(); }};

constexpr double kQuestion = 1.5;  ///< the input whose target the notebook asks for
constexpr const char* kAnswer = "prediction_at_1.5";

/// The weights are drawn first, then the data, from one stream.
Problem build(const Settings& settings) {
  Problem problem;
  problem.task = Task::regression;
  problem.network = dense_network(1, settings, {1, Activation::identity}, {Loss::mean_squared_error});
  start_and_draw_initial(kInitial, settings, problem);
  evaluate_on_training_set(linear_regression(problem.stream), problem);
  return problem;
}

void also(const Problem& problem, RunResult& result) {
  Matrix<double> X(1, 1);
  X(0, 0) = kQuestion;
  result.extra[kAnswer] = outputs_for(problem, result, X)(0, 0);
}

void print(const Problem&, const RunResult& result) {
  for_each_printed_epoch(result.trace.loss_per_epoch, [](std::size_t epoch, double loss) {
    fmt::print("Epoch {}, Loss: {}\n", epoch, format_decimals(loss, 4));
  });
  fmt::print("Predicted value for input {}: {}\n", kQuestion,
             python_text(result.extra.at(kAnswer).get<double>(), result.dtype));
}

std::vector<ReferenceValue> reference_values(const RunResult& result) {
  std::vector<ReferenceValue> values{{"loss_per_epoch", result.trace.loss_per_epoch},
                                     {kAnswer, {result.extra.at(kAnswer).get<double>()}}};
  append_parameters(result.parameters, kInitial.order, values);
  return values;
}

}  // namespace

Experiment regression_experiment() {
  return {.name = "regression",
          .about = "a noisy line, y = 3 x + 2: ReLU, mean squared error, full batch",
          .defaults = settings_of("--trainer full-batch --epochs 1000 --learning-rate 0.01 --hidden 10 "
                                  "--seed 42"),
          .build = build,
          .also = also,
          .print = print,
          .reference_values = reference_values};
}

}  // namespace mlpbench
