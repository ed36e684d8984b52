#include <fmt/format.h>

#include <utility>

#include "core/data/csv.h"
#include "core/data/preprocessing.h"
#include "experiments/files.h"
#include "experiments/notebook.h"

namespace mlpbench {
namespace {

constexpr InitialRule kInitial{WeightOrder::units_by_inputs, [](RandomState& stream, std::size_t) {
                                 return stream.standard_normal() * 0.01;
                               }};

/// All rows, standardised together, before the split, as the notebook does.
Dataset read_data() {
  const CsvTable table = read_csv(data_path("breast_cancer.csv"));
  const std::size_t target = table.column("benign");
  const std::vector<double> benign = numeric_column(table, target);
  Dataset data{numeric_matrix(table, target), Matrix<double>(benign.size(), 1)};
  for (std::size_t i = 0; i < benign.size(); ++i) {
    if (benign[i] != 0.0 && benign[i] != 1.0) throw table.error(i, target, "must be 0 or 1");
    data.Y(i, 0) = benign[i];
  }
  StandardScaler::fit(data.X.view()).transform(data.X.view());
  return data;
}

Problem build(const Settings& settings) {
  Problem problem;
  const Dataset data = read_data();
  hold_out_a_fifth(data, settings.split_seed, problem);
  problem.class_names = {"malignant", "benign"};
  problem.network = dense_network(data.features(), settings.hidden, Activation::relu,
                                  {1, Activation::sigmoid}, {Loss::binary_cross_entropy, 1e-8});
  problem.stream = RandomState(settings.seed);
  problem.initial = draw_parameters(problem.network, kInitial, problem.stream);
  return problem;
}

void print(const Problem&, const RunResult& result) {
  for_each_printed_epoch(result.trace.loss_per_epoch, [](std::size_t epoch, double loss) {
    fmt::print("Epoch {} - Loss: {:.4f}\n", epoch, loss);
  });
  fmt::print("Test Accuracy: {:.2f}%\n", result.test_accuracy.value() * 100);
}

std::vector<ReferenceValue> reference_values(const RunResult& result) {
  std::vector<ReferenceValue> values{{"loss_per_epoch", result.trace.loss_per_epoch},
                                     {"test_output", flattened(result.test_output.view())}};
  append_parameters(result.parameters, kInitial.order, values);
  return values;
}

}  // namespace

Experiment breast_cancer_experiment() {
  Settings defaults;
  defaults.hidden = {10};
  defaults.epochs = 1000;
  defaults.learning_rate = 0.1;
  defaults.seed = 42;
  defaults.trainer = "full-batch";
  return {"breast_cancer", "tumours, benign or malignant, from 30 measurements: ReLU, full batch",
          defaults,        build,
          nullptr,         print,
          reference_values};
}

}  // namespace mlpbench
