#include "bench/operations/training_rows.h"

#include <fmt/format.h>

#include <array>

#include "bench/operations/synthetic.h"
#include "bench/operations/training_cases.h"
#include "bench/operations/variants.h"

namespace mlpbench {
namespace {

template <typename T>
constexpr DType kDType = sizeof(T) == sizeof(float) ? DType::float32 : DType::float64;

template <typename T>
StepProblem<T> step_of(std::string name, const NetworkSpec& network, const Dataset& data,
                       const Parameters<double>& initial, std::size_t batch) {
  StepProblem<T> problem{std::move(name), network, Matrix<T>::padded(network.inputs, batch),
                         Matrix<T>::padded(network.outputs(), batch), Parameters<T>(network)};
  for (std::size_t n = 0; n < batch; ++n) {
    for (std::size_t j = 0; j < network.inputs; ++j) problem.X(j, n) = static_cast<T>(data.X(n, j));
    for (std::size_t k = 0; k < network.outputs(); ++k) problem.Y(k, n) = static_cast<T>(data.Y(n, k));
  }
  problem.initial.assign(initial);
  return problem;
}

std::shared_ptr<const Problems> problems_of(const Experiment& experiment) {
  return made_once<Problems>(std::string(experiment.name),
                             [&] { return Problems{experiment.build(experiment.defaults)}; });
}

std::shared_ptr<const Problem> problem_of(const Experiment& experiment) {
  const auto problems = problems_of(experiment);
  return {problems, &problems->front()};
}

const Experiment& experiment_named(std::string_view name) {
  const auto all = all_experiments();
  return *std::find_if(all.begin(), all.end(), [name](const Experiment& e) { return e.name == name; });
}

void add_experiment(Suite& suite, const BackendEntry& entry, DType dtype, const Experiment& experiment) {
  const auto problems = problems_of(experiment);
  const Problem& problem = problems->front();
  const Settings& settings = experiment.defaults;
  const std::size_t samples = problem.train.samples();
  const std::size_t batch = find_trainer(settings.trainer).uses_batches ? settings.batch_size : samples;
  const std::size_t element = element_bytes(dtype);
  const std::size_t trained = settings.keep_incomplete_batch ? samples : samples / batch * batch;
  const RowInfo info{
      .name = fmt::format("epoch/{}/batch{}", experiment.name, batch),
      .backend = &entry,
      .dtype = dtype,
      .work = epoch_work(problem.network, samples, batch, settings.keep_incomplete_batch, element),
      .footprint = step_footprint(problem.network, batch, element),
      .elements = static_cast<double>(trained)};
  const Case what{&experiment, &entry, dtype, ""};
  suite.add_epochs(info, [problems, what, result = std::make_shared<CaseResult>()] {
    return ExperimentCase(problems, what, result);
  });
}

template <typename T>
void add_step(Suite& suite, const BackendEntry& entry, const std::string& what, const NetworkSpec& network,
              std::size_t batch, std::function<StepProblem<T>(const std::string&)> make) {
  const std::string name = fmt::format("step/{}/batch{}", what, batch);
  const RowInfo info{.name = name,
                     .backend = &entry,
                     .dtype = kDType<T>,
                     .work = step_work(network, batch, sizeof(T)),
                     .footprint = step_footprint(network, batch, sizeof(T)),
                     .elements = static_cast<double>(batch)};
  suite.add(info, [&entry, name, make] {
    return StepCase<T>(entry.get<T>(), made_once<StepProblem<T>>(name, [&] { return make(name); }));
  });
}

/// One variant of a ladder: a step of an experiment's network on its first `batch` samples. The backend of the
/// row executes it, or lends its operations to `variant`.
template <typename T>
void add_rung(Suite& suite, const BackendEntry& entry, std::string_view experiment, std::size_t batch,
              const char* name, std::shared_ptr<const Backend<T>> variant = nullptr) {
  const auto problem = problem_of(experiment_named(experiment));
  const NetworkSpec& network = problem->network;
  const std::string key = fmt::format("ladder/{}/batch{}", experiment, batch);
  const RowInfo info{.name = key + "/" + name,
                     .backend = &entry,
                     .dtype = kDType<T>,
                     .work = step_work(network, batch, sizeof(T)),
                     .footprint = step_footprint(network, batch, sizeof(T)),
                     .elements = static_cast<double>(batch)};
  suite.add(info, [&entry, key, problem, variant, batch] {
    return StepCase<T>(variant != nullptr ? *variant : entry.get<T>(), made_once<StepProblem<T>>(key, [&] {
                         return step_of<T>(key, problem->network, problem->train, problem->initial, batch);
                       }));
  });
}

/// What each idea brings (docs/how-we-measure.md), in float32: on a layer of a few hundred weights and many
/// samples, and on a step that is over before a call is worth nothing.
void add_ladders(Suite& suite, const BackendEntry& entry) {
  using T = float;
  for (const auto& step :
       {std::pair{"breast_cancer", std::size_t{455}}, std::pair{"moons", std::size_t{32}}}) {
    const auto add = [&](const char* name, std::shared_ptr<const Backend<T>> variant = nullptr) {
      add_rung<T>(suite, entry, step.first, step.second, name, std::move(variant));
    };
    if (entry.name == "naive") {
      add("1_plain_loops");
      add("2_loop_order", std::make_shared<LoopOrder<T>>());
    }
    if (entry.rounding_family != "simd") continue;
    const Backend<T>* inner = entry.float32;
    add("3_tiles_and_a_pass_for_ReLU", inner ? std::make_shared<SeparateReLU<T>>(*inner) : nullptr);
    add("4_fused_forward", inner ? std::make_shared<Composed<T>>(*inner) : nullptr);
    add("5_fused_step");
  }
}

template <typename T>
void add_steps(Suite& suite, const BackendEntry& entry) {
  const auto moons = problem_of(experiment_named("moons"));
  add_step<T>(suite, entry, "moons", moons->network, 32, [moons](const std::string& name) {
    return step_of<T>(name, moons->network, moons->train, moons->initial, 32);
  });
  const auto add_random = [&](const NetworkSpec& network, std::size_t batch) {
    add_step<T>(suite, entry, network.shape(), network, batch, [network, batch](const std::string& name) {
      return step_of<T>(name, network, random_data(network.inputs, network.outputs(), batch),
                        he_parameters(network), batch);
    });
  };
  add_random(relu_network(784, {512, 512}, 10), 256);
  add_random(relu_network(28, {64, 64}, 1), 1024);
}

template <typename T>
void add_large_epoch(Suite& suite, const BackendEntry& entry) {
  constexpr std::size_t kSamples = 1'000'000, kBatch = 1024;
  const NetworkSpec network = relu_network(28, {10}, 1);
  const RowInfo info{.name = fmt::format("epoch/{}_1M_rows/batch{}", network.shape(), kBatch),
                     .backend = &entry,
                     .dtype = kDType<T>,
                     .work = epoch_work(network, kSamples, kBatch, true, sizeof(T)),
                     .footprint = static_cast<double>(kSamples * (network.inputs + 1) * sizeof(T)),
                     .elements = static_cast<double>(kSamples)};
  suite.add_epochs(info, [network, &entry] {
    return LargeEpochCase<T>(
        entry.get<T>(), made_once<LargeProblem>("1M rows", [&] {
          LargeProblem problem{network, random_data(network.inputs, 1, kSamples), he_parameters(network), {}};
          problem.options.epochs = 1;
          problem.options.learning_rate = 0.1;
          problem.options.batch_size = kBatch;
          problem.options.keep_incomplete_batch = true;
          return problem;
        }));
  });
}

}  // namespace

void add_training_rows(Suite& suite, std::span<const BackendEntry> backends) {
  for (const BackendEntry& entry : backends) {
    for (const char* name : {"breast_cancer", "moons", "planar", "regression", "digits"}) {
      for (DType dtype : {DType::float32, DType::float64}) {
        add_experiment(suite, entry, dtype, experiment_named(name));
      }
    }
    add_ladders(suite, entry);
    add_steps<float>(suite, entry);
    add_steps<double>(suite, entry);
    add_large_epoch<float>(suite, entry);
    add_large_epoch<double>(suite, entry);
  }
}

}  // namespace mlpbench
