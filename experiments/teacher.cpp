#include <fmt/format.h>

#include "core/data/generators.h"
#include "experiments/memory.h"
#include "experiments/notebook.h"

namespace mlpbench {
namespace {

constexpr InitialRule kInitial{WeightOrder::units_by_inputs, draw_he};

constexpr std::size_t kFeatures = 28;    ///< as many as HIGGS has, the usual large table
constexpr std::uint32_t kDataSeed = 42;  ///< of the teacher and the samples, for any --seed

Problem build(const Settings& settings) {
  Problem problem;
  if (settings.shards > 0) {
    const auto rows = rows_of_shards(settings, settings.samples, true, problem);
    require_data_memory("--samples", rows[0].count + rows[1].count, kFeatures);
    std::vector<Dataset> parts =
        teacher_labels(settings.samples, kFeatures, settings.label_noise, kDataSeed, rows);
    problem.train = std::move(parts[0]);
    problem.test = std::move(parts[1]);
  } else {
    require_data_memory("--samples", settings.samples, kFeatures);
    hold_out_a_fifth(teacher_labels(settings.samples, kFeatures, settings.label_noise, kDataSeed),
                     settings.split_seed, problem);
  }
  problem.network =
      dense_network(kFeatures, settings, {1, Activation::sigmoid}, {Loss::binary_cross_entropy});
  start_and_draw_initial(kInitial, settings, problem);
  return problem;
}

void print(const Problem&, const RunResult& result) {
  print_epochs(result.trace.loss_per_epoch);
  fmt::print("Test Accuracy: {:.2f}% (the teacher's own: {:.2f}% on average)\n",
             100 * result.test_accuracy.value(), 100 * (1 - result.settings.label_noise));
}

std::vector<ReferenceValue> reference_values(const RunResult& result) {
  std::vector<ReferenceValue> values{{"cost_per_epoch", result.trace.loss_per_epoch}};
  append_last_layer(result.parameters, values);
  values.push_back({"test_output", flattened(result.test_output.view())});
  return values;
}

}  // namespace

Experiment teacher_experiment() {
  return {.name = "teacher",
          .about = "28 features labelled by another network, of any number: ReLU, mini-batches of 32",
          .defaults = settings_of("--samples 5000 --label-noise 0.05 --trainer mini-batch --epochs 10 "
                                  "--learning-rate 0.1 --batch-size 32 --hidden 32,16 --seed 42"),
          .build = build,
          .print = print,
          .reference_values = reference_values,
          .float32_branch = "teacher_branch",
          .has_shards = true};
}

}  // namespace mlpbench
