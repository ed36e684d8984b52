#pragma once

#include <nlohmann/json.hpp>

#include "bench/programs/run_options.h"

namespace mlpbench {

/// Of results.json: raised whenever a field changes its meaning, or one goes away that `compare` or `report`
/// read; new fields do not raise it.
inline constexpr int kResultsSchemaVersion = 2;

/// Everything measured, every round of it: what was selected, the machine, the build, the method, and a case
/// each with its run's record (experiments/cli/record.h), whose losses are {"epoch", "loss", "mean_loss"} at
/// no more than 200 epochs, counted from 1 (bench/results/curve_points.h); "mean_loss" where the trainer has it.
/// Times are seconds of an epoch; null is a number that does not apply or is not known.
nlohmann::ordered_json results_json(const Comparison& comparison, const RunOptions& options);

}  // namespace mlpbench
