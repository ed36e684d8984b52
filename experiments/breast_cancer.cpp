#include <fmt/format.h>

#include <utility>

#include "core/data/csv.h"
#include "core/data/preprocessing.h"
#include "experiments/files.h"
#include "experiments/notebook.h"

namespace mlpbench {
namespace {

constexpr InitialRule kInitial{WeightOrder::units_by_inputs, draw_hundredth};

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
  draw_initial(kInitial, settings.seed, problem);
  return problem;
}

void print(const Problem&, const RunResult& result) {
  print_epochs(result.trace.loss_per_epoch);
  fmt::print("Test Accuracy: {:.2f}%\n", result.test_accuracy.value() * 100);
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
          all_numbers};
}

}  // namespace mlpbench
