#include "experiments/cli/record.h"

#include <cmath>

#include "core/metrics.h"
#include "core/training/batch.h"
#include "experiments/cli/provenance.h"
#include "support/digest.h"
#include "support/json_fields.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

ordered_json numbers(std::span<const double> values) { return ordered_json(values); }

/// What was trained and how: everything that a run with the same result needs. The field of a setting has the
/// name of its option (all_settings()).
void add_settings(RecordFacts& record, const Problem& problem, const RunResult& result) {
  Settings settings = result.settings;
  if (!stepping_trainer(settings).uses_batches) {
    settings.batch_size = problem.shards ? problem.shards.samples : problem.train.samples();
    settings.keep_incomplete_batch = true;
  }
  ordered_json values = ordered_json::object();
  for (const Setting& setting : all_settings()) {
    const bool recorded = setting.in_record && (setting.of_batches || setting.applies(settings));
    if (recorded) values[setting.key()] = setting.value(settings);
  }
  take_fields(values, record);
  for (const Setting& setting : all_settings()) {
    if (!setting.owners.empty() && setting.applies(settings))
      record.hyper_parameters.emplace_back(setting.key(), setting.value(settings).get<double>());
  }
  record.layers = result.layers;
  for (const LayerSpec& layer : problem.network.layers) {
    record.activations.emplace_back(to_string(layer.activation));
  }
  record.loss = to_string(problem.network.loss.kind);
  const bool has_all = !problem.shards || problem.shards.own.count == problem.shards.count;
  record.dataset = {problem.train.features(), has_all ? problem.train.samples() : problem.shards.samples,
                    problem.test.samples()};
  if (has_all) record.dataset_sha256 = sha256_of(problem.train, problem.test);
}

std::optional<TargetReached> target_of(const std::optional<TargetReport>& target) {
  if (!target) return std::nullopt;
  return TargetReached{target->met,     target->epochs,
                       target->seconds, target->seconds_with_evaluation,
                       target->loss,    target->accuracy.value_or(kUnknown)};
}

std::optional<ValidationFacts> validation_of(const std::optional<ValidationReport>& validation) {
  if (!validation) return std::nullopt;
  return ValidationFacts{validation->best_epoch, validation->best_loss, validation->stopped,
                         validation->loss_per_epoch};
}

std::optional<EnsembleFacts> ensemble_of(const RunResult& result) {
  if (result.members.empty()) return std::nullopt;
  EnsembleFacts ensemble{result.ensemble_seconds, {}};
  for (const RunResult::Member& member : result.members) {
    ensemble.members.push_back({member.seed, member.final_loss, member.test_accuracy.value_or(kUnknown),
                                member.test_mse.value_or(kUnknown), member.seconds});
  }
  return ensemble;
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

void add_result(RecordFacts& record, const Problem& problem, const RunResult& result) {
  const TrainingTrace& trace = result.trace;
  const TrainerEntry& stepping = stepping_trainer(result.settings);
  if (stepping.has_parallel_threshold) record.threads_used = trace.threads;
  if (result.ranks > 1) {
    record.ranks = result.ranks;
    record.ranks_used = trace.ranks;
    record.bytes_sent = trace.bytes_sent;
  }
  if (trace.lost_updates) record.lost_updates = *trace.lost_updates;
  record.incomplete = trace.interrupted;
  record.epochs_trained = trace.loss_per_epoch.size();
  record.target = target_of(trace.target);
  record.validation = validation_of(trace.validation);
  record.ensemble = ensemble_of(result);
  record.train_seconds = trace.seconds;
  record.samples_trained = trace.samples_trained;
  // A clock that did not move gives no rate: infinity becomes null.
  record.samples_per_second = static_cast<double>(trace.samples_trained) / trace.seconds;
  record.evaluated_on = problem.evaluated_on;
  record.test_accuracy = result.test_accuracy.value_or(kUnknown);
  record.test_mse = result.test_mse.value_or(kUnknown);
  if (problem.task != Task::regression && result.test_output.cols() == problem.test.samples() &&
      problem.test.samples() > 0) {
    for (const auto& row : confusion_of(problem, result))
      record.confusion_matrix.emplace_back(row.begin(), row.end());
  }
  for (const std::string& name : problem.class_names) record.class_names.push_back(utf8(name));
  record.loss_per_epoch = trace.loss_per_epoch;
  record.mean_loss_per_epoch = trace.mean_loss_per_epoch;
  record.parameters_sha256 = sha256_of_numbers(result.parameters.all());
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

/// The keys of a record that are not in RecordFacts. The caller sets the first three where they have a value.
void add_surroundings(ordered_json& record, const BackendEntry& backend) {
  for (const char* key : {"reason", "test_output", "parameters"}) record[key] = nullptr;
  record["measurement"] = json_of(measurement_facts());
  record["machine"] = json_of(machine_facts());
  record["build"] = json_of(build_facts(&backend));
}

bool is_list_of_scalars(const ordered_json& value) {
  return value.is_array() &&
         std::none_of(value.begin(), value.end(), [](const ordered_json& v) { return v.is_structured(); });
}

/// Names of classes and columns come from files in any encoding: what is not UTF-8 is replaced.
std::string dumped(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void append(std::string& text, const ordered_json& value, std::size_t indent) {
  if (!value.is_structured() || value.empty() || is_list_of_scalars(value)) {
    text += dumped(value);
    return;
  }
  const std::string blanks(indent + 2, ' ');
  text += value.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& item : value.items()) {
    text += (first ? "\n" : ",\n") + blanks;
    if (value.is_object()) {
      text += dumped(item.key()) + ": ";
    }
    append(text, item.value(), indent + 2);
    first = false;
  }
  text += "\n" + std::string(indent, ' ') + (value.is_object() ? "}" : "]");
}

}  // namespace

std::vector<std::vector<std::size_t>> confusion_of(const Problem& problem, const RunResult& result) {
  return confusion_matrix(result.test_output.view(), problem.test.Y);
}

RecordFacts record_facts(const Problem& problem, const RunResult& result) {
  const BackendEntry& backend = *result.backend;
  RecordFacts record;
  record.schema_version = kRecordSchemaVersion;
  record.experiment = result.experiment;
  record.backend = backend.name;
  record.isa = backend.isa_text();
  if (backend.library) {
    const LibraryReport library = backend.library();
    record.blas_core = library.kernels;
    record.blas_threads = library.threads;
    record.library = library.version;
    record.library_file = library.path;
    record.library_kernels_by = library.chosen_by;
  }
  record.dtype = to_string(result.dtype);
  add_settings(record, problem, result);
  add_result(record, problem, result);
  if (!result.extra.empty()) record.extra.text = result.extra.dump();
  return record;
}

ordered_json make_record(const Problem& problem, const RunResult& result, bool dump_parameters) {
  RecordFacts facts = record_facts(problem, result);
  facts.extra = {};
  ordered_json record = json_of(facts);
  if (facts.loss_per_epoch.empty()) record["loss_per_epoch"] = ordered_json::array();
  if (!result.extra.empty()) record["extra"] = result.extra;
  add_surroundings(record, *result.backend);
  record["test_output"] = samples_of(result.test_output);
  if (dump_parameters) record["parameters"] = parameters_of(result.parameters);
  return record;
}

ordered_json make_unavailable_record(std::string_view experiment, const BackendEntry& backend, DType dtype) {
  ordered_json record = json_of(RecordFacts());
  for (ordered_json& value : record) value = nullptr;
  record["schema_version"] = kRecordSchemaVersion;
  record["experiment"] = experiment;
  record["backend"] = backend.name;
  record["dtype"] = to_string(dtype);
  add_surroundings(record, backend);
  record["reason"] = unusable_reason(backend, dtype);
  return record;
}

std::string to_text(const ordered_json& record) {
  std::string text;
  append(text, record, 0);
  return text + "\n";
}

}  // namespace mlpbench
