#include "experiments/cli/record.h"

#include <cmath>

#include "backends/process.h"
#include "core/metrics.h"
#include "core/training/batch.h"
#include "experiments/cli/provenance.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

ordered_json numbers(std::span<const double> values) { return ordered_json(values); }

template <typename V>
ordered_json or_null(const std::optional<V>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

/// The settings that only some trainers read, and what became of the threads that were asked for.
void add_trainer_settings(ordered_json& record, const RunResult& result) {
  const Settings& settings = result.settings;
  const TrainerEntry& stepping = stepping_trainer(settings);
  if (stepping.has_parallel_threshold) {
    record["threads_used"] = result.trace.threads;
    record["force_parallel"] = settings.force_parallel;
  }
  if (stepping.reads("--workers")) {
    record["workers"] = settings.workers;
    record["local_steps"] = settings.local_steps;
    record["sync_epochs"] = settings.sync_epochs;
  }
  if (stepping.reads("--hogwild-form")) {
    record["hogwild_form"] = settings.hogwild_form == HogwildForm::strict ? "strict" : "fast";
    record["lost_updates"] = or_null(result.trace.lost_updates);
  }
  if (find_trainer(settings.trainer).runs_members) record["ensemble_of"] = stepping.name;
  if (settings.target_loss) record["target_loss"] = *settings.target_loss;
  if (settings.target_accuracy) record["target_accuracy"] = *settings.target_accuracy;
}

/// What was trained and how: everything that a run with the same result needs.
void add_settings(ordered_json& record, const Problem& problem, const RunResult& result) {
  const Settings& settings = result.settings;
  const TrainerEntry& trainer = stepping_trainer(settings);
  record["trainer"] = settings.trainer;
  record["threads"] = settings.threads;
  add_trainer_settings(record, result);
  record["layers"] = result.layers;
  ordered_json activations = ordered_json::array();
  for (const LayerSpec& layer : problem.network.layers) activations.push_back(to_string(layer.activation));
  record["activations"] = std::move(activations);
  record["loss"] = to_string(problem.network.loss.kind);
  record["epochs"] = settings.epochs;
  record["batch_size"] = trainer.uses_batches ? settings.batch_size : problem.train.samples();
  record["keep_incomplete_batch"] = !trainer.uses_batches || settings.keep_incomplete_batch;
  record["learning_rate"] = settings.learning_rate;
  record["seed"] = settings.seed;
  record["split_seed"] = settings.split_seed;
  if (settings.samples != 0) record["samples"] = settings.samples;
  if (settings.label_noise != 0.0) record["label_noise"] = settings.label_noise;
  record["dataset"] = {{"features", problem.train.features()},
                       {"training_rows", problem.train.samples()},
                       {"test_rows", problem.test.samples()}};
  record["dataset_sha256"] = sha256_of(problem.train, problem.test);
}

/// null for a run without a target.
ordered_json target_of(const std::optional<TargetReport>& target) {
  if (!target) return nullptr;
  ordered_json report;
  report["met"] = target->met;
  report["epochs"] = target->epochs;
  report["seconds"] = target->seconds;
  report["seconds_with_evaluation"] = target->seconds_with_evaluation;
  report["held_out_loss"] = target->loss;
  report["held_out_accuracy"] = or_null(target->accuracy);
  return report;
}

ordered_json ensemble_of(const RunResult& result) {
  ordered_json members = ordered_json::array();
  for (const RunResult::Member& member : result.members) {
    members.push_back({{"seed", member.seed},
                       {"final_loss", member.final_loss},
                       {"test_accuracy", or_null(member.test_accuracy)},
                       {"test_mse", or_null(member.test_mse)},
                       {"train_seconds", member.seconds}});
  }
  return {{"seconds", result.ensemble_seconds}, {"members", std::move(members)}};
}

/// (outputs x samples) as a list of samples.
ordered_json samples_of(const Matrix<double>& outputs) {
  if (outputs.rows() == 1) return numbers({outputs.row(0), outputs.cols()});
  ordered_json samples = ordered_json::array();
  for (std::size_t n = 0; n < outputs.cols(); ++n) {
    ordered_json sample = ordered_json::array();
    for (std::size_t k = 0; k < outputs.rows(); ++k) sample.push_back(outputs(k, n));
    samples.push_back(std::move(sample));
  }
  return samples;
}

void add_result(ordered_json& record, const Problem& problem, const RunResult& result) {
  const TrainingTrace& trace = result.trace;
  record["incomplete"] = trace.interrupted;
  record["epochs_trained"] = trace.loss_per_epoch.size();
  record["target"] = target_of(trace.target);
  if (!result.members.empty()) record["ensemble"] = ensemble_of(result);
  record["train_seconds"] = trace.seconds;
  record["samples_trained"] = trace.samples_trained;
  // A clock that did not move gives no rate: infinity becomes null.
  record["samples_per_second"] = static_cast<double>(trace.samples_trained) / trace.seconds;
  record["evaluated_on"] = problem.evaluated_on;
  record["test_accuracy"] = or_null(result.test_accuracy);
  record["test_mse"] = or_null(result.test_mse);
  if (problem.task != Task::regression && result.test_output.cols() == problem.test.samples() &&
      problem.test.samples() > 0) {
    record["confusion_matrix"] = confusion_of(problem, result);
  }
  if (!problem.class_names.empty()) record["class_names"] = problem.class_names;
  record["loss_per_epoch"] = numbers(trace.loss_per_epoch);
  if (!trace.mean_loss_per_epoch.empty()) record["mean_loss_per_epoch"] = numbers(trace.mean_loss_per_epoch);
}

/// What was trained, how, and what came of it, but for long lists of numbers.
ordered_json run_of(const Problem& problem, const RunResult& result) {
  const BackendEntry& backend = *result.backend;
  ordered_json record;
  record["schema_version"] = kRecordSchemaVersion;
  record["experiment"] = result.experiment;
  record["backend"] = backend.name;
  record["isa"] = backend.isa();
  record["blas_core"] = backend.blas_core != nullptr ? ordered_json(backend.blas_core()) : ordered_json();
  record["blas_threads"] = backend.blas_core != nullptr ? or_null(openblas_threads()) : ordered_json();
  record["dtype"] = to_string(result.dtype);
  add_settings(record, problem, result);
  add_result(record, problem, result);
  return record;
}

ordered_json parameters_of(const Parameters<double>& parameters) {
  ordered_json layers = ordered_json::array();
  for (std::size_t l = 0; l < parameters.layers(); ++l) {
    const MatrixView<const double> W = parameters.W(l);
    ordered_json rows = ordered_json::array();
    for (std::size_t i = 0; i < W.rows; ++i) rows.push_back(numbers({W.row(i), W.cols}));
    layers.push_back({{"W", std::move(rows)}, {"b", numbers(parameters.b(l))}});
  }
  return layers;
}

bool is_list_of_scalars(const ordered_json& value) {
  return value.is_array() &&
         std::none_of(value.begin(), value.end(), [](const ordered_json& v) { return v.is_structured(); });
}

void append(std::string& text, const ordered_json& value, std::size_t indent) {
  if (!value.is_structured() || value.empty() || is_list_of_scalars(value)) {
    // Names of classes and columns come from files in any encoding: what is not UTF-8 is replaced, never
    // thrown over.
    text += value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    return;
  }
  const std::string blanks(indent + 2, ' ');
  text += value.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& item : value.items()) {
    text += (first ? "\n" : ",\n") + blanks;
    if (value.is_object()) {
      text += ordered_json(item.key()).dump(-1, ' ', false, ordered_json::error_handler_t::replace) + ": ";
    }
    append(text, item.value(), indent + 2);
    first = false;
  }
  text += "\n" + std::string(indent, ' ') + (value.is_object() ? "}" : "]");
}

}  // namespace

std::vector<std::vector<std::size_t>> confusion_of(const Problem& problem, const RunResult& result) {
  Matrix<double> targets(problem.test.outputs(), problem.test.samples());
  transpose_into<double>(problem.test.Y.view(), targets.view());
  return confusion_matrix(result.test_output.view(), targets.view());
}

ordered_json make_record(const Problem& problem, const RunResult& result, bool dump_parameters) {
  ordered_json record = run_of(problem, result);
  record["test_output"] = samples_of(result.test_output);
  if (dump_parameters) record["parameters"] = parameters_of(result.parameters);
  if (!result.extra.empty()) record["extra"] = result.extra;
  record["measurement"] = measurement_info();
  record["machine"] = machine_info();
  record["build"] = build_info(result.backend);
  return record;
}

ordered_json make_run_record(const Problem& problem, const RunResult& result) {
  ordered_json record = run_of(problem, result);
  if (!result.extra.empty()) record["extra"] = result.extra;
  record["build"] = {{"backend_flags", result.backend->flags}};
  return record;
}

ordered_json make_unavailable_record(std::string_view experiment, const BackendEntry& backend) {
  ordered_json record;
  record["schema_version"] = kRecordSchemaVersion;
  record["experiment"] = experiment;
  record["backend"] = backend.name;
  record["reason"] = unusable_reason(backend);
  return record;
}

std::string to_text(const ordered_json& record) {
  std::string text;
  append(text, record, 0);
  return text + "\n";
}

}  // namespace mlpbench
