#include <fmt/format.h>

#include "bench/operations/suite.h"
#include "bench/operations/training_cases.h"
#include "bench/operations/variants.h"

namespace mlpbench {
namespace {

std::shared_ptr<const Problems> problems_of(const Experiment& experiment) {
  return made_once<Problems>(std::string(experiment.name),
                             [&] { return Problems{experiment.build(experiment.defaults)}; });
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
  suite.add(info, [problems, what, plan = std::make_shared<VisitPlan>()] {
    return ExperimentCase(problems, what, plan);
  });
}

/// Of a step on the experiment's first `batch` samples.
Workload step_of(const char* name, std::size_t batch) {
  const Experiment& experiment = find_experiment(name);
  Workload step{.name = name, .experiment = &experiment, .problems = problems_of(experiment)};
  step.settings.batch_size = batch;
  return step;
}

Workload random_step(const NetworkSpec& network, std::size_t batch) {
  Workload step = synthetic_workload("mini-batch", "step", network, batch, batch);
  step.name = network.shape();
  return step;
}

std::string row_name(const char* kind, const Workload& step) {
  return fmt::format("{}/{}/batch{}", kind, step.name, step.settings.batch_size);
}

/// Where a step begins: at the weights that so many epochs of the experiment leave.
struct Start {
  std::size_t epochs = 0;
  Subnormals subnormals = Subnormals::flush;  ///< in these epochs and in the step
};

Workload begun(Workload step, const Start& start) {
  if (start.epochs == 0) return step;
  Settings settings = step.experiment->defaults;
  settings.epochs = start.epochs;
  settings.subnormals = start.subnormals;
  Problems trained = *step.problems;
  trained.front().initial =
      run_experiment(*step.experiment, trained.front(), settings, *usable_backends().front(), DType::float32)
          .parameters;
  step.problems = std::make_shared<const Problems>(std::move(trained));
  return step;
}

/// The backend of the row executes the step, or lends its operations to `variant`.
template <typename T>
void add_step(Suite& suite, const BackendEntry& entry, const std::string& name, const Workload& step,
              std::shared_ptr<const Backend<T>> variant = nullptr, const Start& start = {}) {
  const std::size_t batch = step.settings.batch_size;
  const RowInfo info{.name = name,
                     .backend = &entry,
                     .dtype = kDTypeOf<T>,
                     .work = step_work(step.network(), batch, sizeof(T)),
                     .footprint = step_footprint(step.network(), batch, sizeof(T)),
                     .elements = static_cast<double>(batch),
                     .subnormals = start.subnormals};
  suite.add(info, [&entry, step, variant, start] {
    return StepCase<T>(
        variant != nullptr ? *variant : entry.get<T>(),
        made_once<StepProblem<T>>(row_name("", step), [&] { return StepProblem<T>(begun(step, start)); }));
  });
}

/// Full-batch steps before and after most outputs are 0 or 1 to the last bit: what is left of the deltas is
/// then subnormal (docs/how-we-measure.md).
void add_late_steps(Suite& suite, const BackendEntry& entry) {
  for (const std::size_t epochs : {std::size_t{1000}, std::size_t{30'000}}) {
    for (const Subnormals mode : {Subnormals::flush, Subnormals::keep}) {
      Workload step = step_of("breast_cancer", 455);
      step.name += fmt::format("/after_{}/{}", epochs, mode == Subnormals::flush ? "flush" : "keep");
      add_step<float>(suite, entry, row_name("step", step), step, nullptr, {epochs, mode});
    }
  }
}

/// What each idea brings (docs/how-we-measure.md), in float32. One shape is a layer of a few hundred weights
/// and many samples, the other a step that is shorter than its calls.
void add_variants(Suite& suite, const BackendEntry& entry) {
  using T = float;
  for (const Workload& step : {step_of("breast_cancer", 455), step_of("moons", 32)}) {
    const auto add = [&](const char* variant_name, std::shared_ptr<const Backend<T>> variant = nullptr) {
      add_step<T>(suite, entry, row_name("variants", step) + "/" + variant_name, step, std::move(variant));
    };
    if (entry.name == "naive") {
      add("1_plain_loops");
      add("2_loop_order", std::make_shared<LoopOrder<T>>());
    }
    if (entry.rounding_family != "simd") continue;
    const Backend<T>* inner = entry.float32;
    add("3_tiles_and_a_pass_for_ReLU", inner ? std::make_shared<SeparateActivation<T>>(*inner) : nullptr);
    add("4_fused_forward", inner ? std::make_shared<Composed<T>>(*inner) : nullptr);
    add("5_fused_step");
  }
}

template <typename T>
void add_steps(Suite& suite, const BackendEntry& entry) {
  for (const Workload& step : {step_of("moons", 32), random_step(relu_network(784, {512, 512}, 10), 256),
                               random_step(relu_network(28, {64, 64}, 1), 1024)}) {
    add_step<T>(suite, entry, row_name("step", step), step);
  }
}

void add_large_epoch(Suite& suite, const BackendEntry& entry, DType dtype) {
  constexpr std::size_t kSamples = 1'000'000, kBatch = 1024, kPart = 16 * kBatch;
  const NetworkSpec network = relu_network(28, {10}, 1);
  const std::size_t element = element_bytes(dtype);
  const RowInfo info{.name = fmt::format("epoch/{}_1M_rows/batch{}", network.shape(), kBatch),
                     .backend = &entry,
                     .dtype = dtype,
                     .work = epoch_work(network, kSamples, kBatch, true, element),
                     .footprint = static_cast<double>(kSamples * (network.inputs + 1) * element),
                     .elements = static_cast<double>(kSamples)};
  suite.add(info, [network, dtype, &entry] {
    const auto workload_of = [&](std::size_t samples) {
      Workload work = *made_once<Workload>(std::to_string(samples) + " rows", [&] {
        return synthetic_workload("mini-batch", "epoch", network, kBatch, samples);
      });
      work.settings.learning_rate = 0.1;
      work.settings.keep_incomplete_batch = true;
      work.dtype = dtype;
      return work;
    };
    return WorkloadCase(entry, workload_of(kSamples), workload_of(kPart));
  });
}

}  // namespace

void add_network_rows(Suite& suite, std::span<const BackendEntry> backends, const OwnExperiments& networks) {
  for (const std::shared_ptr<const Experiment>& network : networks) {
    const Workload step{
        .name = network->name,
        .experiment = network.get(),
        .problems = std::make_shared<const Problems>(Problems{network->build(network->defaults)}),
        .settings = network->defaults};
    for (const BackendEntry& entry : backends) {
      add_step<float>(suite, entry, "step/" + network->name, step);
      add_step<double>(suite, entry, "step/" + network->name, step);
    }
  }
}

void add_training_rows(Suite& suite, std::span<const BackendEntry> backends) {
  for (const BackendEntry& entry : backends) {
    for (const char* name : {"breast_cancer", "moons", "planar", "regression", "digits"}) {
      for (DType dtype : {DType::float32, DType::float64}) {
        add_experiment(suite, entry, dtype, find_experiment(name));
      }
    }
    add_variants(suite, entry);
    add_steps<float>(suite, entry);
    add_steps<double>(suite, entry);
    add_late_steps(suite, entry);
    for (DType dtype : {DType::float32, DType::float64}) add_large_epoch(suite, entry, dtype);
  }
}

}  // namespace mlpbench
