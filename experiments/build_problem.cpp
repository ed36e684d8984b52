#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/chunks.h"
#include "core/data/preprocessing.h"
#include "experiments/experiment.h"
#include "experiments/memory.h"
#include "support/error.h"

namespace mlpbench {
namespace {

void hold_out_validation(const Settings& settings, Problem& problem) {
  const std::size_t samples = problem.train.samples();
  const double part = settings.validation_split * static_cast<double>(samples);
  if (std::ceil(part) >= static_cast<double>(samples)) {
    throw UserError(fmt::format("--validation-split {}: leaves nothing of {} samples to train on",
                                settings.validation_split, samples));
  }
  const Split split = train_test_split(samples, settings.validation_split, settings.split_seed);
  problem.validation = select_rows(problem.train, split.test_rows);
  problem.train = select_rows(problem.train, split.train_rows);
  if (problem.train_rows.empty()) return;
  std::vector<std::size_t> rows;
  for (const std::size_t row : split.train_rows) rows.push_back(problem.train_rows[row]);
  problem.train_rows = std::move(rows);
}

void require_shards(const Experiment& experiment, const Settings& settings) {
  if (settings.shards == 0) return;
  if (!experiment.has_shards)
    throw UserError(fmt::format("--shards: {} reads its data whole; teacher, mnist and train_csv can be cut",
                                experiment.name));
  if (settings.validation_split > 0.0)
    throw UserError(
        "--validation-split: takes rows of the whole data, of which a rank has only its --shards");
}

}  // namespace

Problem build_problem(const Experiment& experiment, const Settings& settings) {
  require_shards(experiment, settings);
  Problem problem = experiment.build(settings);
  if (settings.validation_split > 0.0) {
    hold_out_validation(settings, problem);
  } else if (settings.patience || settings.min_delta > 0.0) {
    throw UserError(
        fmt::format("{}: needs held-out data; --validation-split P takes a part of the training data",
                    settings.patience ? "--patience" : "--min-delta"));
  }
  return problem;
}

Problem build_for_user(const Experiment& experiment, Settings& settings, bool batch_size_given) {
  std::vector<LayerSpec> hidden;
  for (const std::size_t units : settings.hidden) hidden.push_back({units});
  require_network_memory("--hidden", "the network", 0, hidden, 1);
  Problem problem = build_problem(experiment, settings);
  const std::size_t samples = problem.shards ? problem.shards.samples : problem.train.samples();
  if (experiment.fits_batch && !batch_size_given)
    settings.batch_size = std::min(settings.batch_size, samples);
  const std::size_t at_once = stepping_trainer(settings).uses_batches ? settings.batch_size : samples;
  require_network_memory("--hidden", "the network", problem.network.inputs, problem.network.layers,
                         std::min(at_once, Chunks::most_samples(problem.network)));
  const auto outputs = static_cast<double>(problem.network.outputs());
  require_memory("the network", "its output for the test set",
                 sizeof(double) * outputs * static_cast<double>(problem.test.samples()));
  // One-hot targets are numbers in a batch, as a step reads them.
  require_memory("--batch-size", "a batch",
                 sizeof(double) * (outputs + static_cast<double>(problem.network.inputs)) *
                     static_cast<double>(at_once));
  return problem;
}

}  // namespace mlpbench
