#pragma once

#include <nlohmann/json.hpp>

#include "bench/run/options.h"

namespace mlpbench {

/// Of results.json: raised whenever a field changes its meaning or goes away; new fields do not raise it.
inline constexpr int kResultsSchemaVersion = 2;

/// Everything measured, every round of it: what was selected, the machine, the build, the method, and a case
/// each with its run's record (experiments/cli/record.h). Times are seconds of an epoch; null is a number
/// that does not apply or is not known.
nlohmann::ordered_json results_json(const Comparison& comparison, const RunOptions& options);

}  // namespace mlpbench
