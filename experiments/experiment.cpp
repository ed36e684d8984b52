#include "experiments/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "core/metrics.h"
#include "core/training/batch.h"
#include "experiments/data_range.h"
#include "support/error.h"

namespace mlpbench {

// MLPBENCH_EXPERIMENT(name) for each name in experiments/CMakeLists.txt.
#define MLPBENCH_EXPERIMENT(name) Experiment name##_experiment();
#include "experiment_list.inc"
#undef MLPBENCH_EXPERIMENT

std::span<const Experiment> all_experiments() {
#define MLPBENCH_EXPERIMENT(name) name##_experiment(),
  static const Experiment entries[] = {
#include "experiment_list.inc"
  };
#undef MLPBENCH_EXPERIMENT
  return entries;
}

const Experiment& find_experiment(std::string_view name) {
  for (const Experiment& experiment : all_experiments()) {
    if (experiment.name == name) return experiment;
  }
  throw std::logic_error("there is no experiment " + std::string(name));
}

namespace {

/// "--epochs 0: must be at least 1"
void require_at_least_one(std::size_t value, const char* option) {
  if (value == 0) throw UserError(std::string(option) + " 0: must be at least 1");
}

/// A schedule fits into the run.
void require_valid(const OptimiserSpec& optimiser, std::size_t epochs) {
  const ScheduleEntry& schedule = find_schedule(optimiser.schedule);
  if (!schedule.counts_epochs) return;
  const HyperParameter& counted = schedule.hyper_parameters.front();
  const double value = value_of(optimiser, counted);
  if (value < static_cast<double>(epochs)) return;
  throw UserError(std::string(counted.option) + " " + nlohmann::json(value).dump() +
                  ": must be below the epochs of the run, " + std::to_string(epochs));
}

void require_valid(const Settings& settings, const Problem& problem, DType dtype) {
  const std::size_t samples = problem.shards ? problem.shards.samples : problem.train.samples();
  require_at_least_one(settings.epochs, "--epochs");
  require_at_least_one(settings.threads, "--threads");
  const double rate = settings.learning_rate;
  const double rounded_rate = dtype == DType::float32 ? static_cast<double>(static_cast<float>(rate)) : rate;
  if (!(rounded_rate > 0.0 && std::isfinite(rounded_rate))) {
    throw UserError("--learning-rate " + nlohmann::json(rate).dump() + ": must be a positive number in " +
                    std::string(to_string(dtype)));
  }
  if (settings.target_accuracy && problem.task == Task::regression) {
    throw UserError("--target-accuracy: a regression has none; --target-loss ends one");
  }
  if (stepping_trainer(settings).runs_members) {
    throw UserError("--ensemble-of " + std::string(settings.ensemble_of) +
                    ": an ensemble is not made of ensembles");
  }
  if (settings.label_smoothing != 0.0 && problem.network.loss.kind != Loss::softmax_cross_entropy) {
    throw UserError(fmt::format("--label-smoothing: is for softmax outputs, and the last layer is {}",
                                to_string(problem.network.layers.back().activation)));
  }
  require_valid(settings.optimiser, settings.epochs);
  if (stepping_trainer(settings).stateless)
    require_stateless(settings.optimiser, stepping_trainer(settings).name);
  if (!stepping_trainer(settings).uses_batches) return;
  require_at_least_one(settings.batch_size, "--batch-size");
  if (settings.batch_size > samples) {
    throw UserError("--batch-size " + std::to_string(settings.batch_size) + ": the training data has " +
                    std::to_string(samples) + " samples");
  }
}

constexpr std::size_t kPredicted = 1024;  ///< samples at once

/// Everything but what is the same for all members of an ensemble.
TrainingOptions options_of(const Problem& problem, const Settings& settings,
                           const std::function<void(std::size_t)>& progress,
                           const std::atomic<bool>* interrupt, const Checkpoints* checkpoints,
                           Communicator* ranks) {
  const std::size_t before = problem.epochs_before_first;
  TrainingOptions options;
  static_cast<TrainerSettings&>(options) = settings;
  options.epochs += before;
  options.sum_gradients = problem.sum_gradients;
  options.dropout_seed = settings.seed;
  const bool validates = problem.validation.samples() > 0;  // then nothing looks at the test data
  options.target = {settings.target_loss, settings.target_accuracy,
                    validates ? &problem.validation : &problem.test};
  if (validates) options.validation = {&problem.validation, settings.patience, settings.min_delta};
  options.checkpoints = checkpoints;
  options.ranks = ranks;
  options.interrupt = interrupt;
  if (progress) {
    options.progress = [&progress, before](std::size_t done) {
      if (done > before) progress(done - before);
    };
  }
  return options;
}

/// Whether evaluating takes so little, 0.1 s on naive, that an interrupted run is evaluated too.
bool evaluates_soon(const Problem& problem) {
  constexpr double kMultiplications = 1e8;
  return static_cast<double>(problem.test.samples()) *
             static_cast<double>(problem.network.parameter_count()) <=
         kMultiplications;
}

bool is_evaluated(const Problem& problem, const RunResult& result) {
  return result.test_output.cols() == problem.test.samples();
}

/// Fills trace, parameters and outputs of all `results`; several are an ensemble's.
template <typename T>
void train(std::span<const Problem> problems, std::span<const TrainingOptions> options,
           std::span<RunResult> results) {
  const SubnormalsScope scope(options.front().subnormals);  // of the predictions too
  const BackendEntry& entry = *results.front().backend;
  if (!entry.has(kDTypeOf<T>)) throw UserError(unusable_reason(entry, kDTypeOf<T>));
  if (results.front().settings.threads > 1 && entry.library && entry.library().threads > 1) {
    throw UserError("--backend " + std::string(entry.name) +
                    ": has threads of its own; only trainers on one thread take it");
  }
  const Backend<T>& backend = entry.get<T>();
  const std::size_t before = BufferBytes::now();
  BufferBytes::restart_peak();
  std::vector<Parameters<T>> thetas;
  std::vector<RandomState> streams;
  for (const Problem& problem : problems) {
    thetas.emplace_back(problem.network).assign(problem.initial);
    streams.push_back(problem.stream);
  }
  std::vector<TrainingRun<T>> runs;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    runs.push_back({backend, problems[i].network, problems[i].train, options[i], thetas[i], streams[i],
                    problems[i].shards});
  }
  if (runs.size() == 1) {
    results.front().trace = find_trainer(results.front().settings.trainer).train(runs.front());
  } else {
    const auto start = std::chrono::steady_clock::now();
    std::vector<TrainingTrace> traces =
        train_ensemble<T>(std::span<const TrainingRun<T>>(runs), find_trainer(options.front().ensemble_of));
    results.front().ensemble_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    for (std::size_t i = 0; i < runs.size(); ++i) results[i].trace = std::move(traces[i]);
  }
  results.front().peak_bytes = BufferBytes::peak() - before;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    results[i].parameters = Parameters<double>(problems[i].network);
    results[i].parameters.assign(thetas[i]);
    const Problem& problem = problems[i];
    results[i].test_output = predict_all(backend, problem.network, thetas[i], problem.test.X, kPredicted,
                                         evaluates_soon(problem) ? nullptr : options[i].interrupt);
    if (!is_evaluated(problem, results[i])) results[i].trace.interrupted = true;
  }
}

template <typename T>
Matrix<double> outputs_in(const Problem& problem, const RunResult& result, const Matrix<double>& X,
                          const std::atomic<bool>* interrupt) {
  const SubnormalsScope scope(result.settings.subnormals);
  Parameters<T> theta(problem.network);
  theta.assign(result.parameters);
  return predict_all(result.backend->get<T>(), problem.network, theta, X, kPredicted, interrupt);
}

void drop_first(std::size_t count, std::vector<double>& losses) {
  losses.erase(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(std::min(count, losses.size())));
}

/// Leaves no trace of the epochs before the first.
void drop_first(std::size_t count, TrainingTrace& trace) {
  drop_first(count, trace.loss_per_epoch);
  drop_first(count, trace.mean_loss_per_epoch);
  if (trace.target) trace.target->epochs -= std::min(count, trace.target->epochs);
  if (trace.validation) {
    drop_first(count, trace.validation->loss_per_epoch);
    trace.validation->best_epoch -= std::min(count, trace.validation->best_epoch);
  }
}

void evaluate(const Problem& problem, RunResult& result) {
  const MatrixView<const double> outputs = std::as_const(result.test_output).view();
  require_finite_outputs(problem, result);
  if (problem.task == Task::regression) {
    result.test_mse = mean_squared_error(outputs, problem.test.Y);
  } else {
    result.test_accuracy = accuracy(outputs, problem.test.Y);
  }
}

/// A run that has not been trained yet.
RunResult begun(const Experiment& experiment, const Problem& problem, const Settings& settings,
                const BackendEntry& backend, DType dtype) {
  require_valid(settings, problem, dtype);
  require_representable(problem, dtype);
  RunResult result;
  result.experiment = experiment.name;
  result.backend = &backend;
  result.dtype = dtype;
  result.settings = settings;
  result.layers = {problem.network.inputs};
  for (const LayerSpec& layer : problem.network.layers) result.layers.push_back(layer.units);
  return result;
}

/// What follows the training, off the clock.
void finish(const Experiment& experiment, const Problem& problem, RunResult& result) {
  drop_first(problem.epochs_before_first, result.trace);
  if (!is_evaluated(problem, result)) return;
  evaluate(problem, result);
  if (experiment.also != nullptr) experiment.also(problem, result);
}

}  // namespace

Matrix<double> outputs_for(const Problem& problem, const RunResult& result, const Matrix<double>& X,
                           const std::atomic<bool>* interrupt) {
  const auto outputs = result.dtype == DType::float32 ? outputs_in<float> : outputs_in<double>;
  return outputs(problem, result, X, interrupt);
}

RunResult::Member member_of(const RunResult& result) {
  const std::vector<double>& losses = result.trace.loss_per_epoch;
  return {.seed = result.settings.seed,
          .final_loss = losses.empty() ? std::numeric_limits<double>::quiet_NaN() : losses.back(),
          .test_accuracy = result.test_accuracy,
          .test_mse = result.test_mse,
          .seconds = result.trace.seconds};
}

RunResult run_ensemble(const Experiment& experiment, std::span<const Problem> problems,
                       const Settings& settings, const BackendEntry& backend, DType dtype,
                       std::function<void(std::size_t epochs_done)> progress,
                       const std::atomic<bool>* interrupt, const Checkpoints* checkpoints,
                       Communicator* ranks) {
  std::vector<RunResult> results(problems.size());
  std::vector<TrainingOptions> options;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    results[i] = begun(experiment, problems[i], settings, backend, dtype);
    results[i].settings.seed += static_cast<std::uint32_t>(i);
    if (ranks != nullptr) results[i].ranks = ranks->size();
    options.push_back(options_of(problems[i], results[i].settings, progress, interrupt, checkpoints, ranks));
  }
  (dtype == DType::float32 ? train<float> : train<double>)(problems, options, results);
  RunResult& first = results.front();
  for (std::size_t i = 0; i < problems.size(); ++i) {
    finish(experiment, problems[i], results[i]);
    if (problems.size() > 1) first.members.push_back(member_of(results[i]));
  }
  return std::move(first);
}

RunResult run_elsewhere(const Experiment& experiment, const Problem& problem, const Settings& settings,
                        const BackendEntry& backend, DType dtype,
                        const std::function<TrainingTrace(Parameters<double>&)>& train,
                        const std::atomic<bool>* interrupt) {
  RunResult result = begun(experiment, problem, settings, backend, dtype);
  result.parameters = Parameters<double>(problem.network);
  result.trace = train(result.parameters);
  result.test_output = outputs_for(problem, result, problem.test.X, interrupt);
  if (!is_evaluated(problem, result)) result.trace.interrupted = true;
  finish(experiment, problem, result);
  return result;
}

RunResult run_experiment(const Experiment& experiment, const Problem& problem, const Settings& settings,
                         const BackendEntry& backend, DType dtype,
                         std::function<void(std::size_t epochs_done)> progress,
                         const std::atomic<bool>* interrupt, const Checkpoints* checkpoints,
                         Communicator* ranks) {
  return run_ensemble(experiment, std::span(&problem, 1), settings, backend, dtype, std::move(progress),
                      interrupt, checkpoints, ranks);
}

}  // namespace mlpbench
