#include "bench/studies/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "bench/operations/synthetic.h"
#include "bench/operations/training_cases.h"
#include "experiments/experiment.h"
#include "support/error.h"

namespace mlpbench {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Small enough that the weights stay what they are for as long as the clock wants.
constexpr double kSmallRate = 1e-3;

const Experiment& experiment_named(std::string_view name) {
  const auto all = all_experiments();
  return *std::find_if(all.begin(), all.end(), [name](const Experiment& e) { return e.name == name; });
}

Workload synthetic(std::string_view trainer, const std::string& form, const NetworkSpec& network,
                   std::size_t batch, std::size_t samples) {
  Workload work{.name = fmt::format("{}/{}/{}", form, network.shape(), batch),
                .trainer = trainer,
                .network = network,
                .data = std::make_shared<Dataset>(random_data(network.inputs, network.outputs(), samples)),
                .initial = {he_parameters(network)},
                .options = {},
                .dtype = DType::float32};
  work.options.learning_rate = kSmallRate;
  work.options.batch_size = batch;
  return work;
}

/// An experiment's own training, with another trainer; `members` of seeds that follow its own.
Workload of_experiment(std::string_view experiment_name, std::string_view trainer, std::size_t members = 1) {
  const Experiment& experiment = experiment_named(experiment_name);
  Settings settings = experiment.defaults;
  Workload work{.name = "",
                .trainer = trainer,
                .network = {},
                .data = {},
                .initial = {},
                .options = {},
                .dtype = DType::float32};
  for (std::size_t m = 0; m < members; ++m, ++settings.seed) {
    Problem problem = experiment.build(settings);
    work.initial.push_back(std::move(problem.initial));
    if (m > 0) continue;
    work.network = std::move(problem.network);
    work.data = std::make_shared<Dataset>(std::move(problem.train));
  }
  work.options.learning_rate = settings.learning_rate;
  work.options.batch_size = settings.batch_size;
  work.options.ensemble_of = "full-batch";
  return work;
}

template <typename T>
Trained train_in(const Workload& work, const Backend<T>& backend, const TrainingOptions& options) {
  std::vector<Parameters<T>> thetas;
  for (const Parameters<double>& initial : work.initial) thetas.emplace_back(work.network).assign(initial);
  std::vector<RandomState> streams;
  std::vector<TrainingRun<T>> runs;
  for (std::size_t m = 0; m < thetas.size(); ++m) streams.emplace_back(static_cast<std::uint32_t>(m + 1));
  for (std::size_t m = 0; m < thetas.size(); ++m) {
    runs.push_back({backend, work.network, *work.data, options, thetas[m], streams[m]});
  }
  Trained result;
  if (find_trainer(work.trainer).runs_members) {
    const auto start = std::chrono::steady_clock::now();
    const auto traces =
        train_ensemble<T>(std::span<const TrainingRun<T>>(runs), find_trainer(options.ensemble_of));
    result.seconds = seconds_since(start);
    for (const TrainingTrace& trace : traces) result.samples += trace.samples_trained;
    result.threads_used = std::min(options.threads, runs.size());
  } else {
    const TrainingTrace trace = find_trainer(work.trainer).train(runs.front());
    result.seconds = trace.seconds;
    result.samples = trace.samples_trained;
    result.threads_used = work.has_parallel_threshold() ? trace.threads : options.threads;
  }
  for (const Parameters<T>& theta : thetas) result.theta.emplace_back(work.network).assign(theta);
  return result;
}

bool bitwise_equal(const Trained& a, const Trained& b) {
  for (std::size_t m = 0; m < a.theta.size(); ++m) {
    const std::span<const double> x = a.theta[m].all(), y = b.theta[m].all();
    if (std::memcmp(x.data(), y.data(), x.size_bytes()) != 0) return false;
  }
  return true;
}

template <typename T>
std::string far_from_in(const Workload& work, const Trained& expected, const Trained& actual) {
  const auto in_dtype = [&](const Parameters<double>& theta) {
    Parameters<T> result(work.network);
    result.assign(theta);
    return result;
  };
  for (std::size_t m = 0; m < work.initial.size(); ++m) {
    const std::string wrong =
        step_problem(in_dtype(work.initial[m]), in_dtype(expected.theta[m]), in_dtype(actual.theta[m]));
    if (!wrong.empty()) return wrong;
  }
  return "";
}

std::string far_from(const Workload& work, const Trained& expected, const Trained& actual) {
  return work.dtype == DType::float32 ? far_from_in<float>(work, expected, actual)
                                      : far_from_in<double>(work, expected, actual);
}

}  // namespace

std::size_t Workload::step_samples() const {
  const TrainerEntry& entry = find_trainer(trainer);
  const bool batches = (entry.runs_members ? find_trainer(options.ensemble_of) : entry).uses_batches;
  return batches ? options.batch_size : data->samples();
}

Trained train(const Workload& work, const BackendEntry& backend, const ThreadSetting& setting,
              std::size_t epochs) {
  TrainingOptions options = work.options;
  options.epochs = epochs;
  options.threads = setting.threads;
  options.force_parallel = setting.shared;
  return work.dtype == DType::float32 ? train_in(work, backend.get<float>(), options)
                                      : train_in(work, backend.get<double>(), options);
}

std::size_t epochs_for(const Workload& work, const BackendEntry& backend, double seconds) {
  std::size_t epochs = 1;
  double taken = train(work, backend, {}, epochs).seconds;
  while (taken < seconds / 4) {
    epochs *= 2;
    taken = train(work, backend, {}, epochs).seconds;
  }
  return static_cast<std::size_t>(std::max(1.0, static_cast<double>(epochs) * seconds / taken));
}

std::string problem_of(const Workload& work, const BackendEntry& backend,
                       const std::vector<std::size_t>& threads) {
  const TrainerEntry& trainer = find_trainer(work.trainer);
  try {
    const Trained alone = train(work, backend, {}, 1);
    const Trained naive = train(work, find_backend("naive"), {}, 1);
    if (const std::string wrong = far_from(work, naive, alone); !wrong.empty()) return wrong;
    if (!trainer.deterministic) {
      Workload serial = work;
      serial.trainer = trainer.equivalent_to;
      if (!bitwise_equal(train(serial, backend, {}, 1), alone)) {
        return fmt::format("one thread is not {}", trainer.equivalent_to);
      }
    }
    for (const std::size_t count : threads) {
      const Trained shared = train(work, backend, {count, work.has_parallel_threshold()}, 1);
      if (!trainer.deterministic) continue;
      const bool exact = backend.block_invariant || !trainer.has_parallel_threshold;
      if (exact && !bitwise_equal(alone, shared)) return fmt::format("other bits on {} threads", count);
      if (const std::string wrong = far_from(work, naive, shared); !wrong.empty()) return wrong;
    }
  } catch (const WrongResult& error) {
    return error.what();
  }
  return "";
}

Workload sync_workload(std::size_t width, std::size_t batch, std::size_t samples) {
  return synthetic("sync", "sync", relu_network(28, {width, width}, 1), batch, samples);
}

std::vector<Workload> scaling_workloads() {
  std::vector<Workload> all;
  const NetworkSpec small = relu_network(28, {64, 64}, 1);
  all.push_back(synthetic("sync", "sync", relu_network(784, {512, 512}, 10), 256, 1024));
  all.push_back(sync_workload(64, 1024, 16384));
  all.push_back(of_experiment("breast_cancer", "full-batch"));
  all.back().name = "full-batch/breast_cancer/455";
  all.push_back(of_experiment("moons", "sync"));
  all.back().name = "sync/moons/32";
  all.push_back(of_experiment("breast_cancer", "ensemble", 16));
  all.back().name = "ensemble/16_of_breast_cancer/455";
  for (const HogwildForm form : {HogwildForm::strict, HogwildForm::fast}) {
    const char* name = form == HogwildForm::strict ? "hogwild-strict" : "hogwild-fast";
    all.push_back(synthetic("hogwild", name, small, 256, 16384));
    all.back().options.hogwild_form = form;
  }
  all.push_back(synthetic("local-sgd", "local-sgd-4x8", small, 64, 16384));
  return all;
}

}  // namespace mlpbench
