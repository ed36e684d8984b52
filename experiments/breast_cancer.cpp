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
    data.Y.values()(i, 0) = benign[i];
  }
  StandardScaler::fit(data.X.view()).transform(data.X.view());
  return data;
}

Problem build(const Settings& settings) {
  Problem problem;
  const Dataset data = read_data();
  hold_out_a_fifth(data, settings.split_seed, problem);
  problem.class_names = {"malignant", "benign"};
  problem.network =
      dense_network(data.features(), settings, {1, Activation::sigmoid}, {Loss::binary_cross_entropy, 1e-8});
  start_and_draw_initial(kInitial, settings, problem);
  return problem;
}

}  // namespace

Experiment breast_cancer_experiment() {
  return {.name = "breast_cancer",
          .about = "tumours, benign or malignant, from 30 measurements: ReLU, full batch",
          .defaults = settings_of("--trainer full-batch --epochs 1000 --learning-rate 0.1 --hidden 10 "
                                  "--seed 42"),
          .build = build,
          .print = print_losses_and_accuracy,
          .reference_values = all_numbers};
}

}  // namespace mlpbench
