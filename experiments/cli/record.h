#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

/// Raised whenever a field changes its meaning or goes away; new fields do not raise it.
inline constexpr int kRecordSchemaVersion = 1;

/// The record of one training run. Doubles are written so that they read back bit for bit; a number that is
/// NaN, infinite or does not apply is null. Times are seconds.
///   test_output       one output: a list of samples; several: a list of samples, each a list of outputs
///   parameters        with dump_parameters: [{"W": rows of units, "b": [...]}, ...], first layer first
///   confusion_matrix  classification: counts[true class][predicted class]
///   batch_size        samples of one update; for full-batch training all of them
///   incomplete        true for an interrupted run, whose numbers are those of the epochs that it finished
///   epochs_trained    how many; fewer than `epochs` after an interruption or where a target was met
///   threads_used      1 where a step was too short to share (full-batch, sync)
///   target            null, or whether --target-loss and --target-accuracy were met on the held-out data:
///                     epochs and seconds until then (or of the whole run), the seconds without and with the
///                     evaluations
///   ensemble          what became of all members; everything else in the record is the first one's
///   lost_updates      hogwild, strict: updates that were overwritten, at least
///   samples           of data made on the spot, training and test rows together; absent for other data
///   label_noise       the part of their labels that was turned round; absent where it is 0
///   extra             what only this experiment has, if anything
///   dataset_sha256    of training and test data (sha256_of() in core/data/dataset.h)
///   blas_threads      of OpenBLAS; null for backends that do not use it
///   blas_core         the kernels that OpenBLAS runs; null for backends that do not use BLAS
/// The settings stand under the names of their options (all_settings()).
nlohmann::ordered_json make_record(const Problem& problem, const RunResult& result, bool dump_parameters);

/// The same for one of many records of a process: without what is the same for all of them (machine,
/// measurement, build but for "backend_flags") and without the outputs.
nlohmann::ordered_json make_run_record(const Problem& problem, const RunResult& result);

/// The row of a backend that cannot run here: {"schema_version", "experiment", "backend", "reason"}.
nlohmann::ordered_json make_unavailable_record(std::string_view experiment, const BackendEntry& backend);

/// counts[true class][predicted class] of the run's test outputs. The problem must be a classification.
std::vector<std::vector<std::size_t>> confusion_of(const Problem& problem, const RunResult& result);

/// The text of a record file: indented, with lists of numbers on one line each.
std::string to_text(const nlohmann::ordered_json& record);

}  // namespace mlpbench
