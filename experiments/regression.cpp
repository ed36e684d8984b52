#include <fmt/format.h>

#include "core/data/generators.h"
#include "experiments/notebook.h"
#include "experiments/numpy_print.h"

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
  problem.network = dense_network(1, settings.hidden, Activation::relu, {1, Activation::identity},
                                  {Loss::mean_squared_error});
  draw_initial(kInitial, settings.seed, problem);
  evaluate_on_training_set(linear_regression(problem.stream), problem);
  return problem;
}

template <typename T>
double answer(const Problem& problem, const RunResult& result) {
  Parameters<T> theta(problem.network);
  theta.assign(result.parameters);
  Matrix<double> X(1, 1);
  X(0, 0) = kQuestion;
  return predict_all(result.backend->get<T>(), problem.network, theta, X)(0, 0);
}

void also(const Problem& problem, RunResult& result) {
  result.extra[kAnswer] =
      result.dtype == DType::float32 ? answer<float>(problem, result) : answer<double>(problem, result);
}

void print(const Problem&, const RunResult& result) {
  for_each_printed_epoch(result.trace.loss_per_epoch, [](std::size_t epoch, double loss) {
    fmt::print("Epoch {}, Loss: {:.4f}\n", epoch, loss);
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
  Settings defaults;
  defaults.hidden = {10};
  defaults.epochs = 1000;
  defaults.learning_rate = 0.01;
  defaults.seed = 42;
  defaults.trainer = "full-batch";
  return {"regression",
          "a noisy line, y = 3 x + 2: ReLU, mean squared error, full batch",
          defaults,
          build,
          also,
          print,
          reference_values};
}

}  // namespace mlpbench
