#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "core/training/batch.h"
#include "experiments/notebook.h"
#include "experiments/numpy_print.h"

namespace mlpbench {
namespace {

using Json = nlohmann::ordered_json;

// Three examples: a perceptron's single update, a forward pass, and backpropagation step by step. The last is
// the training run that Settings apply to; the other two are fixed and computed in also(). RunResult::extra
// holds the numbers in the structure of the reference files: {"perceptron": {...}, "worked_forward": {...},
// ...}.

constexpr InitialRule kPerceptronInitial{
    WeightOrder::units_by_inputs, [](RandomState& stream, std::size_t) { return stream.standard_normal(); },
    true};
constexpr InitialRule kInitial{WeightOrder::inputs_by_units,
                               [](RandomState& stream, std::size_t) { return stream.random_sample(); }, true};

Matrix<double> matrix(const std::vector<std::vector<double>>& rows) {
  Matrix<double> values(rows.size(), rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) std::copy(rows[i].begin(), rows[i].end(), values.row(i));
  return values;
}

Json nested(const Matrix<double>& values) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < values.rows(); ++i) {
    rows.push_back(std::vector<double>(values.row(i), values.row(i) + values.cols()));
  }
  return rows;
}

/// {"W1": ..., "b1": ..., "W2": ...}, with `d` before the names of gradients, as the notebook stores them.
template <typename T>
Json named(const NetworkSpec& network, const Parameters<T>& theta, WeightOrder order,
           const std::string& d = "") {
  Parameters<double> exact(network);
  exact.assign(theta);
  Json layers;
  for (std::size_t l = 0; l < exact.layers(); ++l) {
    const std::string number = std::to_string(l + 1);
    layers[d + "W" + number] = nested(as_stored(std::as_const(exact).W(l), order));
    layers[d + "b" + number] = nested(as_stored(std::as_const(exact).b(l), order));
  }
  return layers;
}

/// A network and a few samples in the precision and on the backend of the run.
template <typename T>
class Example {
 public:
  Example(const Backend<T>& backend, const NetworkSpec& network, const Parameters<double>& theta,
          const Dataset& data)
      : backend_(backend),
        network_(network),
        theta_(network),
        batch_(data.features(), data.outputs(), data.samples()),
        workspace_(backend, network, data.samples()) {
    theta_.assign(theta);
    transpose_into<T>(data.X.view(), batch_.X());
    transpose_into<T>(data.Y, 0, batch_.Y());
  }

  const Parameters<T>& theta() const { return theta_; }
  const Parameters<T>& gradients() { return workspace_.gradients(); }

  /// The outputs of a network with one output unit.
  std::vector<double> outputs() {
    const MatrixView<const T> A = backend_.predict(network_, theta_, batch_.X(), workspace_);
    return {A.row(0), A.row(0) + A.cols};
  }

  /// Returns the mean loss and leaves the gradients, summed over the samples.
  double differentiate() {
    return backend_.gradients(network_, theta_, batch_.X(), batch_.Y(), T{1}, workspace_) /
           static_cast<double>(batch_.X().cols);
  }

  void update(double learning_rate) {
    backend_.update(sgd_rule<T>(learning_rate), theta_.all(), workspace_.gradients().all(), {});
  }

 private:
  const Backend<T>& backend_;
  const NetworkSpec& network_;
  Parameters<T> theta_;
  Batch<T> batch_;
  Workspace<T> workspace_;
};

/// One update of a 2-2-1 network on one sample.
template <typename T>
Json perceptron(const Backend<T>& backend) {
  const NetworkSpec network{
      2, {{2, Activation::relu}, {1, Activation::sigmoid}}, {Loss::binary_cross_entropy, 1e-8}};
  RandomState stream(1);
  const Parameters<double> initial = draw_parameters(network, kPerceptronInitial, stream);
  Example<T> example(backend, network, initial, {matrix({{0.5, 0.8}}), matrix({{1}})});

  Json numbers;
  numbers["output_before_update"] = example.outputs();
  numbers["loss"] = example.differentiate();
  numbers.update(named(network, example.gradients(), kPerceptronInitial.order, "d"));
  example.update(0.1);
  numbers.update(named(network, example.theta(), kPerceptronInitial.order));
  numbers["output_after_update"] = example.outputs();
  return numbers;
}

/// The outputs of a 2-2-1 network with given weights for two samples.
template <typename T>
Json forward(const Backend<T>& backend) {
  const NetworkSpec network{2, {{2, Activation::relu}, {1, Activation::sigmoid}}, {}};
  Parameters<double> theta(network);
  const std::initializer_list<double> values = {0.1, 0.3, 0.2, 0.4, 0.1,
                                                0.2, 0.5, 0.6, 0.3};  // W1, b1, W2, b2
  std::copy(values.begin(), values.end(), theta.all().begin());
  Example<T> example(backend, network, theta, {matrix({{1, 2}, {3, 4}}), Matrix<double>(2, 1)});
  Json numbers = named(network, example.theta(), WeightOrder::inputs_by_units);
  numbers["output"] = example.outputs();
  return numbers;
}

/// The initial parameters, their loss and gradients, and the parameters after one update.
template <typename T>
Json first_update(const Backend<T>& backend, const Problem& problem, double learning_rate) {
  Example<T> example(backend, problem.network, problem.initial, problem.train);
  Json numbers;
  numbers["initial"] = named(problem.network, example.theta(), kInitial.order);
  numbers["first_loss"] = example.differentiate();
  numbers["first_gradients"] = named(problem.network, example.gradients(), kInitial.order, "d");
  example.update(learning_rate);
  numbers["after_first_update"] = named(problem.network, example.theta(), kInitial.order);
  return numbers;
}

template <typename T>
Json examples(const Problem& problem, const RunResult& result) {
  const Backend<T>& backend = result.backend->get<T>();
  return {{"perceptron", perceptron(backend)},
          {"worked_forward", forward(backend)},
          {"worked_backprop", first_update(backend, problem, result.settings.learning_rate)}};
}

Problem build(const Settings& settings) {
  Problem problem;
  evaluate_on_training_set({matrix({{1, 2}, {2, 3}}), matrix({{1}, {0}})}, problem);
  problem.network = dense_network(2, settings, {1, Activation::sigmoid}, {Loss::binary_cross_entropy});
  start_and_draw_initial(kInitial, settings, problem);
  problem.sum_gradients = true;
  problem.epochs_before_first = 1;
  return problem;
}

void also(const Problem& problem, RunResult& result) {
  result.extra = (result.dtype == DType::float32 ? examples<float> : examples<double>)(problem, result);
}

void print(const Problem& problem, const RunResult& result) {
  const Json& perceptron = result.extra.at("perceptron");
  fmt::print("Output: {:.8f}\n", perceptron.at("output_before_update").at(0).get<double>());
  fmt::print("Loss: {:.8f}\n", perceptron.at("loss").get<double>());
  fmt::print("Output after the update: {:.8f}\n", perceptron.at("output_after_update").at(0).get<double>());

  const auto outputs = result.extra.at("worked_forward").at("output").get<std::vector<double>>();
  fmt::print("Output: {}\n", numpy_text(outputs, result.dtype));

  const Json& backprop = result.extra.at("worked_backprop");
  const auto print_array = [&](const char* words, const Json& arrays, const std::string& name) {
    const Matrix<double> values = matrix(arrays.at(name).get<std::vector<std::vector<double>>>());
    fmt::print("{} {}: {}\n", words, name, numpy_text(values.view(), result.dtype));
  };
  fmt::print("Loss: {}\n", python_text(backprop.at("first_loss").get<double>(), result.dtype));
  const std::size_t layers = problem.network.layers.size();
  for (std::size_t l = layers; l > 0; --l) {
    print_array("Gradient", backprop.at("first_gradients"), "dW" + std::to_string(l));
    print_array("Gradient", backprop.at("first_gradients"), "db" + std::to_string(l));
  }
  for (std::size_t l = 1; l <= layers; ++l) {
    print_array("Updated", backprop.at("after_first_update"), "W" + std::to_string(l));
    print_array("Updated", backprop.at("after_first_update"), "b" + std::to_string(l));
  }
  for_each_printed_epoch(result.trace.loss_per_epoch, [&](std::size_t epoch, double loss) {
    fmt::print("Epoch {}, Loss: {}\n", epoch, python_text(loss, result.dtype));
  });
}

/// The arrays and numbers below `parts`; `path` and the names on the way are their keys.
void append_values(const Json& parts, const std::string& path, std::vector<ReferenceValue>& values) {
  for (const auto& [name, part] : parts.items()) {
    if (part.is_object()) {
      append_values(part, path + name + "/", values);
    } else {
      values.push_back({path + name, flattened(part)});
    }
  }
}

std::vector<ReferenceValue> reference_values(const RunResult& result) {
  std::vector<ReferenceValue> values;
  for (const auto& [file, numbers] : result.extra.items()) append_values(numbers, file + ":", values);
  values.push_back({"worked_backprop:loss_per_epoch", result.trace.loss_per_epoch});
  return values;
}

}  // namespace

Experiment worked_examples_experiment() {
  return {.name = "worked_examples",
          .about = "a perceptron, a forward pass, and backpropagation step by step, all 2-2-1",
          .defaults = settings_of("--trainer full-batch --epochs 1000 --learning-rate 0.1 --hidden 2 "
                                  "--activation sigmoid --seed 42"),
          .build = build,
          .also = also,
          .print = print,
          .reference_values = reference_values};
}

}  // namespace mlpbench
