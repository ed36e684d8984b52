#include "tests/training/rank_cases.h"

#include "backends/registry.h"

namespace mlpbench::test {

TrainingOptions rank_options(std::size_t epochs, std::size_t batch_size) {
  TrainingOptions options;
  options.epochs = epochs;
  options.learning_rate = 0.05;
  options.batch_size = batch_size;
  options.keep_incomplete_batch = true;
  options.force_parallel = true;
  options.workers = 3;
  options.local_steps = 2;
  return options;
}

const std::vector<RankCase>& rank_cases() {
  static const std::vector<RankCase> all = [] {
    std::vector<RankCase> made;
    const auto add = [&](std::string name, std::string_view trainer, Example example,
                         TrainingOptions options) -> RankCase& {
      return made.emplace_back(RankCase{std::move(name), trainer, std::move(example), options});
    };
    const Example chunks(3500), tiles(75, 192, 192);
    add("chunks", "full-batch", chunks, rank_options(3, 32));
    add("chunks of wide layers", "full-batch", Example(2100, 192, 192, 64), rank_options(2, 32));
    add("tiles", "full-batch", Example(30, 192, 192), rank_options(3, 32));
    add("chunks and an incomplete batch", "sync", chunks, rank_options(2, 2600));
    add("tiles and an incomplete batch", "sync", tiles, rank_options(2, 32));
    RankCase& adam = add("chunks, Adam, clipped", "sync", chunks, rank_options(2, 2600));
    adam.options.optimiser.name = "adam";
    adam.options.optimiser.clip_norm = 0.1;
    adam.options.optimiser.l2 = 0.01;
    RankCase& dropped = add("tiles, momentum, dropout, clipped", "sync", tiles, rank_options(2, 32));
    dropped.example.drop(0.3);
    dropped.options.dropout_seed = 17;
    dropped.options.optimiser.name = "momentum";
    dropped.options.optimiser.clip_norm = 0.1;
    RankCase& dropped_chunks = add("chunks, dropout", "sync", chunks, rank_options(2, 2600));
    dropped_chunks.example.drop(0.3);
    for (const std::size_t workers : {1u, 2u, 3u, 5u, 8u, 13u}) {
      RankCase& local =
          add(std::to_string(workers) + " workers", "local-sgd", Example(331), rank_options(3, 16));
      local.options.workers = workers;
      local.options.optimiser.name = "adam";
      if (workers == 3) local.options.local_state = LocalState::reset;
    }
    RankCase& stopped = add("validation and a target", "sync", tiles, rank_options(9, 32));
    stopped.held_out = Example(40).data;
    stopped.options.validation.patience = 1;
    stopped.options.validation.min_delta = 0.002;
    stopped.options.target.accuracy = 0.99;
    add("one member", "ensemble", Example(60), rank_options(2, 16));
    add("serial", "mini-batch", Example(60), rank_options(2, 16));
    add("one chunk", "sync", Example(60), rank_options(2, 16));
    for (RankCase& one : made) {
      if (one.held_out.samples() == 0) continue;
      one.options.validation.held_out = one.options.target.held_out = &one.held_out;
    }
    return made;
  }();
  return all;
}

template <typename T>
Trained<T> train_alone(const RankCase& run) {
  const std::string_view alone =
      run.trainer == "ensemble" ? "mini-batch" : find_trainer(run.trainer).equivalent_to;
  TrainingOptions options = run.options;
  options.force_parallel = false;
  return train<T>(alone, usable_backends().front()->get<T>(), run.example, options);
}

template Trained<float> train_alone(const RankCase&);
template Trained<double> train_alone(const RankCase&);

}  // namespace mlpbench::test
