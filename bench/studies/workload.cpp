#include "bench/studies/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "bench/operations/synthetic.h"
#include "bench/operations/training_cases.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// Small enough that the weights stay what they are for as long as the clock wants.
constexpr double kSmallRate = 1e-3;

/// Data of no meaning; what the trained network says about some of them is the test.
Workload synthetic(std::string_view trainer, std::string_view form, const NetworkSpec& network,
                   std::size_t batch, std::size_t samples) {
  static const Experiment without_meaning{.name = "synthetic",
                                          .about = "",
                                          .defaults = {},
                                          .build = nullptr,
                                          .print = nullptr,
                                          .reference_values = nullptr};
  Problem problem;
  problem.network = network;
  problem.train = random_data(network.inputs, network.outputs(), samples);
  problem.test = random_data(network.inputs, network.outputs(), 1);
  problem.task = network.outputs() > 1 ? Task::multiclass : Task::binary;
  problem.initial = he_parameters(network);
  Workload work{.name = fmt::format("{}/{}/{}", form, network.shape(), batch),
                .experiment = &without_meaning,
                .problems = std::make_shared<Problems>(1, std::move(problem))};
  work.settings.trainer = trainer;
  work.settings.learning_rate = kSmallRate;
  work.settings.batch_size = batch;
  return work;
}

/// An experiment's own training, with another trainer; `members` of seeds that follow its own.
Workload of_experiment(std::string name, std::string_view experiment, std::string_view trainer,
                       std::size_t members = 1) {
  const Experiment& found = find_experiment(experiment);
  Workload work{.name = std::move(name), .experiment = &found, .settings = found.defaults};
  auto problems = std::make_shared<Problems>();
  for (Settings settings = work.settings; problems->size() < members; ++settings.seed) {
    problems->push_back(found.build(settings));
  }
  work.problems = std::move(problems);
  work.settings.trainer = trainer;
  work.settings.members = members;
  work.settings.ensemble_of = "full-batch";
  return work;
}

/// Of the first member's parameters; the others are known by their last loss.
bool bitwise_equal(const RunResult& a, const RunResult& b) {
  for (std::size_t m = 0; m < a.members.size(); ++m) {
    if (a.members[m].final_loss != b.members[m].final_loss) return false;
  }
  const std::span<const double> x = a.parameters.all(), y = b.parameters.all();
  return std::memcmp(x.data(), y.data(), x.size_bytes()) == 0;
}

template <typename T>
std::string far_from(const Workload& work, const RunResult& expected, const RunResult& actual) {
  Parameters<T> initial(work.network()), wanted(work.network()), found(work.network());
  initial.assign(work.problems->front().initial);
  wanted.assign(expected.parameters);
  found.assign(actual.parameters);
  return check_step(initial, wanted, found);
}

std::string far_from(const Workload& work, const RunResult& expected, const RunResult& actual) {
  return work.dtype == DType::float32 ? far_from<float>(work, expected, actual)
                                      : far_from<double>(work, expected, actual);
}

}  // namespace

std::size_t Workload::step_samples() const {
  return stepping_trainer(settings).uses_batches ? settings.batch_size : problems->front().train.samples();
}

RunResult train(const Workload& work, const BackendEntry& backend, const ThreadSetting& setting,
                std::size_t epochs) {
  Settings settings = work.settings;
  settings.epochs = epochs;
  settings.threads = setting.threads;
  settings.force_parallel = setting.shared;
  return train_case(*work.problems, {work.experiment, &backend, work.dtype, ""}, settings, nullptr);
}

std::string check(const Workload& work, const BackendEntry& backend,
                  const std::vector<std::size_t>& threads) {
  const TrainerEntry& trainer = find_trainer(work.settings.trainer);
  try {
    const RunResult alone = train(work, backend, {}, 1);
    const RunResult naive = train(work, find_backend("naive"), {}, 1);
    if (const std::string wrong = far_from(work, naive, alone); !wrong.empty()) return wrong;
    if (!trainer.deterministic) {
      Workload serial = work;
      serial.settings.trainer = "mini-batch";
      if (!bitwise_equal(train(serial, backend, {}, 1), alone)) return "one thread is not mini-batch";
    }
    for (const std::size_t count : threads) {
      const RunResult shared = train(work, backend, {count, work.has_parallel_threshold()}, 1);
      if (!trainer.deterministic) continue;
      // Without shared steps the bits do not depend on the backend's blocks either.
      const bool exact = backend.block_invariant || !trainer.has_parallel_threshold;
      if (exact && !bitwise_equal(alone, shared)) return fmt::format("other bits on {} threads", count);
      if (const std::string wrong = far_from(work, naive, shared); !wrong.empty()) return wrong;
    }
  } catch (const WrongResult& error) {
    return error.what();
  }
  return "";
}

Workload sync_workload(const NetworkSpec& network, std::size_t batch, std::size_t samples) {
  return synthetic("sync", "sync", network, batch, samples);
}

std::vector<Workload> scaling_workloads() {
  const NetworkSpec small = relu_network(28, {64, 64}, 1);
  std::vector<Workload> all{
      sync_workload(relu_network(784, {512, 512}, 10), 256, 1024),
      sync_workload(small, 1024, 16384),
      of_experiment("full-batch/breast_cancer/455", "breast_cancer", "full-batch"),
      of_experiment("sync/moons/32", "moons", "sync"),
      of_experiment("ensemble/16_of_breast_cancer/455", "breast_cancer", "ensemble", 16),
      synthetic("hogwild", "hogwild-strict", small, 256, 16384),
      synthetic("hogwild", "hogwild-fast", small, 256, 16384),
      synthetic("local-sgd", "local-sgd-4x8", small, 64, 16384)};
  all[6].settings.hogwild_form = HogwildForm::fast;
  return all;
}

}  // namespace mlpbench
