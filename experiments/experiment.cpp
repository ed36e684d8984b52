#include "experiments/experiment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "core/error.h"
#include "core/metrics.h"
#include "core/training/batch.h"

namespace mlpbench {

Experiment worked_examples_experiment();
Experiment breast_cancer_experiment();
Experiment planar_experiment();
Experiment moons_experiment();
Experiment regression_experiment();
Experiment digits_experiment();

std::span<const Experiment> all_experiments() {
  static const std::array entries = {worked_examples_experiment(), breast_cancer_experiment(),
                                     planar_experiment(),          moons_experiment(),
                                     regression_experiment(),      digits_experiment()};
  return entries;
}

std::string_view to_string(DType dtype) noexcept { return dtype == DType::float32 ? "float32" : "float64"; }

namespace {

/// "--epochs 0: must be at least 1"
void require_at_least_one(std::size_t value, const char* option) {
  if (value == 0) throw UserError(std::string(option) + " 0: must be at least 1");
}

void require_valid(const Settings& settings, const TrainerEntry& trainer, std::size_t samples, DType dtype) {
  require_at_least_one(settings.epochs, "--epochs");
  require_at_least_one(settings.threads, "--threads");
  const double rate = settings.learning_rate;
  const double rounded_rate = dtype == DType::float32 ? static_cast<double>(static_cast<float>(rate)) : rate;
  if (!(rounded_rate > 0.0 && std::isfinite(rounded_rate))) {
    throw UserError("--learning-rate " + nlohmann::json(rate).dump() + ": must be a positive number in " +
                    std::string(to_string(dtype)));
  }
  if (!trainer.uses_batches) return;
  require_at_least_one(settings.batch_size, "--batch-size");
  if (settings.batch_size > samples) {
    throw UserError("--batch-size " + std::to_string(settings.batch_size) + ": the training data has " +
                    std::to_string(samples) + " samples");
  }
}

template <typename T>
void train(const Problem& problem, const TrainerEntry& trainer, const TrainingOptions& options,
           RunResult& result) {
  const Backend<T>& backend = result.backend->get<T>();
  Parameters<T> theta(problem.network);
  theta.assign(problem.initial);
  RandomState stream = problem.stream;
  result.trace =
      trainer.train(TrainingRun<T>{backend, problem.network, problem.train, options, theta, stream});
  result.parameters = Parameters<double>(problem.network);
  result.parameters.assign(theta);
  result.test_output = predict_all(backend, problem.network, theta, problem.test.X);
}

void drop_first(std::size_t count, std::vector<double>& losses) {
  losses.erase(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(std::min(count, losses.size())));
}

void evaluate(const Problem& problem, RunResult& result) {
  const MatrixView<const double> outputs = std::as_const(result.test_output).view();
  const auto is_finite = [](double a) { return std::isfinite(a); };
  for (std::size_t k = 0; k < outputs.rows; ++k) {
    if (!std::all_of(outputs.row(k), outputs.row(k) + outputs.cols, is_finite)) {
      throw WrongResult("training diverged: an output of the trained network is not finite");
    }
  }
  Matrix<double> targets(problem.test.outputs(), problem.test.samples());
  transpose_into<double>(problem.test.Y.view(), targets.view());
  if (problem.task == Task::regression) {
    result.test_mse = mean_squared_error(outputs, std::as_const(targets).view());
  } else {
    result.test_accuracy = accuracy(outputs, std::as_const(targets).view());
  }
}

std::string path_in(const char* variable, const char* source_folder, std::string_view name) {
  const char* chosen = std::getenv(variable);
  const bool is_set = chosen != nullptr && *chosen != '\0';
  return std::string(is_set ? chosen : source_folder) + "/" + std::string(name);
}

}  // namespace

RunResult run_experiment(const Experiment& experiment, const Problem& problem, const Settings& settings,
                         const BackendEntry& backend, DType dtype,
                         std::function<void(std::size_t epochs_done)> progress) {
  const TrainerEntry& trainer = find_trainer(settings.trainer);
  require_valid(settings, trainer, problem.train.samples(), dtype);

  RunResult result;
  result.experiment = experiment.name;
  result.backend = &backend;
  result.dtype = dtype;
  result.settings = settings;
  result.layers = {problem.network.inputs};
  for (const LayerSpec& layer : problem.network.layers) result.layers.push_back(layer.units);

  const std::size_t before = problem.epochs_before_first;
  TrainingOptions options;
  options.epochs = before + settings.epochs;
  options.learning_rate = settings.learning_rate;
  options.batch_size = settings.batch_size;
  options.keep_incomplete_batch = settings.keep_incomplete_batch;
  options.sum_gradients = problem.sum_gradients;
  if (progress) {
    options.progress = [&](std::size_t done) {
      if (done > before) progress(done - before);
    };
  }
  if (dtype == DType::float32) {
    train<float>(problem, trainer, options, result);
  } else {
    train<double>(problem, trainer, options, result);
  }
  drop_first(before, result.trace.loss_per_epoch);
  drop_first(before, result.trace.mean_loss_per_epoch);
  evaluate(problem, result);
  if (experiment.also != nullptr) experiment.also(problem, result);
  return result;
}

std::string data_path(std::string_view name) { return path_in("MLPBENCH_DATA_DIR", MLPBENCH_DATA_DIR, name); }

std::string reference_path(std::string_view name) {
  return path_in("MLPBENCH_REFERENCE_DIR", MLPBENCH_REFERENCE_DIR, name);
}

}  // namespace mlpbench
