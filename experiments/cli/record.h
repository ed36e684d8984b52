#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/cli/record_fields.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// Raised whenever a field changes its meaning or goes away; new fields do not raise it.
inline constexpr int kRecordSchemaVersion = 1;

/// What one training run was and left, but for outputs and parameters; without `build` and `loss_curve`.
RecordFacts record_facts(const Problem& problem, const RunResult& result);

/// The record of one training run. Every key is always there, with null where there is no value. Doubles are
/// written so that they read back bit for bit. The keys are those of record_facts(), then
///   reason            why the backend cannot run; null for a run
///   test_output       one output: a list of samples; several: a list of samples, each a list of outputs
///   parameters        with dump_parameters: [{"W": rows of units, "b": [...]}, ...], first layer first
///   measurement, machine, and in `build` all of BuildFacts (experiments/cli/machine_fields.h)
nlohmann::ordered_json make_record(const Problem& problem, const RunResult& result, bool dump_parameters);

/// The record of a backend that cannot run here in this precision: the same keys, with the reason.
nlohmann::ordered_json make_unavailable_record(std::string_view experiment, const BackendEntry& backend,
                                               DType dtype);

/// counts[true class][predicted class] of the run's test outputs. The problem must be a classification.
std::vector<std::vector<std::size_t>> confusion_of(const Problem& problem, const RunResult& result);

/// The text of a record file: indented, with lists of numbers on one line each.
std::string to_text(const nlohmann::ordered_json& record);

}  // namespace mlpbench
