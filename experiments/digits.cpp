#include "core/data/csv.h"
#include "core/data/preprocessing.h"
#include "experiments/files.h"
#include "experiments/notebook.h"

namespace mlpbench {
namespace {

constexpr InitialRule kInitial{WeightOrder::units_by_inputs, draw_he};

constexpr double kBrightest = 16.0;  ///< the data's value of a pixel that is all ink

/// Pixels in [0, 1], digits one-hot. `names` receives the classes in the order of Y's columns.
Dataset read_data(std::vector<std::string>& names) {
  const CsvTable table = read_csv(data_path("digits.csv"));
  const std::size_t target = table.column("digit");
  ClassLabels digits = class_labels(table, target);
  Dataset data{numeric_matrix(table, target), Targets::one_hot(digits.index, digits.names.size())};
  for (std::size_t i = 0; i < data.samples(); ++i) {
    for (std::size_t j = 0; j < data.features(); ++j) data.X(i, j) /= kBrightest;
  }
  names = std::move(digits.names);
  return data;
}

Problem build(const Settings& settings) {
  Problem problem;
  problem.task = Task::multiclass;
  const Dataset data = read_data(problem.class_names);
  hold_out_a_fifth(data, settings.split_seed, problem);
  problem.network = dense_network(data.features(), settings, {data.outputs(), Activation::softmax},
                                  {Loss::softmax_cross_entropy});
  start_and_draw_initial(kInitial, settings, problem);
  return problem;
}

std::vector<ReferenceValue> reference_values(const RunResult& result) {
  std::vector<ReferenceValue> values{{"cost_per_epoch", result.trace.loss_per_epoch}};
  append_last_layer(result.parameters, values);
  return values;
}

}  // namespace

Experiment digits_experiment() {
  return {.name = "digits",
          .about = "handwritten digits of 8 x 8 pixels: ReLU, softmax, mini-batches of 32",
          .defaults = settings_of("--trainer mini-batch --epochs 20 --learning-rate 0.1 "
                                  "--batch-size 32 --hidden 64,32 --seed 7"),
          .build = build,
          .print = print_losses_and_accuracy,
          .reference_values = reference_values};
}

}  // namespace mlpbench
