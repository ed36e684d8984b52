#include "bench/measure/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/chunks.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// An experiment's own training, with another trainer; `members` of seeds that follow its own.
Workload of_experiment(std::string name, std::string_view experiment, std::string_view trainer,
                       std::size_t members = 1) {
  const Experiment& found = find_experiment(experiment);
  Workload work{.name = std::move(name), .experiment = &found, .settings = found.defaults};
  auto problems = std::make_shared<Problems>();
  for (Settings settings = work.settings; problems->size() < members; ++settings.seed) {
    problems->push_back(build_problem(found, settings));
  }
  work.problems = std::move(problems);
  work.settings.trainer = trainer;
  work.settings.members = members;
  work.settings.ensemble_of = "full-batch";
  return work;
}

/// Adds (a - b)^2 over a matrix.
template <typename T>
void add_squares(MatrixView<const T> a, MatrixView<const T> b, double& sum) {
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < a.cols; ++j) {
      const double distance = static_cast<double>(a(i, j)) - static_cast<double>(b(i, j));
      sum += distance * distance;
    }
  }
}

/// The Euclidean distance of layer l.
template <typename T>
double layer_distance(const Parameters<T>& a, const Parameters<T>& b, std::size_t l) {
  double sum = 0.0;
  add_squares<T>(a.W(l), b.W(l), sum);
  const std::span<const T> x = a.b(l), y = b.b(l);
  add_squares<T>({x.data(), 1, x.size(), x.size()}, {y.data(), 1, y.size(), y.size()}, sum);
  return std::sqrt(sum);
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

}  // namespace

double step_footprint(const NetworkSpec& network, std::size_t batch, std::size_t element) {
  const Chunks chunks(network, batch);
  const std::size_t gradients = chunks.count() > 1 ? 2 : 1;
  std::size_t numbers =
      batch * (network.inputs + network.outputs()) + (1 + gradients) * network.parameter_count();
  for (const LayerSpec& layer : network.layers) numbers += chunks.samples(0) * layer.units * layer.kept();
  return static_cast<double>(numbers * element);
}

template <typename T>
std::string check_step(const Parameters<T>& initial, const Parameters<T>& expected,
                       const Parameters<T>& actual) {
  for (std::size_t l = 0; l < initial.layers(); ++l) {
    const double step = layer_distance(expected, initial, l);
    const double relative = layer_distance(actual, expected, l) / step;
    if (relative <= kStepTolerance<T>) continue;
    return fmt::format("layer {}: {:.1e} of the step away from naive's, more than {:.0e}", l + 1, relative,
                       kStepTolerance<T>);
  }
  return "";
}

template std::string check_step(const Parameters<float>&, const Parameters<float>&, const Parameters<float>&);
template std::string check_step(const Parameters<double>&, const Parameters<double>&,
                                const Parameters<double>&);

std::string far_from(const Workload& work, const RunResult& expected, const RunResult& actual) {
  return work.dtype == DType::float32 ? far_from<float>(work, expected, actual)
                                      : far_from<double>(work, expected, actual);
}

Workload synthetic_workload(std::string_view trainer, std::string_view form, const NetworkSpec& network,
                            std::size_t batch, std::size_t samples) {
  static const Experiment without_meaning{.name = "synthetic", .about = "", .defaults = {}};
  Workload work{.name = fmt::format("{}/{}/{}", form, network.shape(), batch),
                .experiment = &without_meaning,
                .problems = std::make_shared<Problems>(1, made_up_problem(network, samples, 1))};
  work.settings.trainer = trainer;
  work.settings.learning_rate = 1e-3;
  work.settings.batch_size = batch;
  return work;
}

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

std::vector<Workload> scaling_workloads() {
  const NetworkSpec small = relu_network(28, {64, 64}, 1);
  std::vector<Workload> all{
      sync_workload(relu_network(784, {512, 512}, 10), 256, 1024),
      sync_workload(small, 1024, 16384),
      of_experiment("full-batch/breast_cancer/455", "breast_cancer", "full-batch"),
      of_experiment("sync/moons/32", "moons", "sync"),
      of_experiment("ensemble/16_of_breast_cancer/455", "breast_cancer", "ensemble", 16),
      synthetic_workload("hogwild", "hogwild-strict", small, 256, 16384),
      synthetic_workload("hogwild", "hogwild-fast", small, 256, 16384),
      synthetic_workload("local-sgd", "local-sgd-4x8", small, 64, 16384)};
  all[6].settings.hogwild_form = HogwildForm::fast;
  return all;
}

}  // namespace mlpbench
