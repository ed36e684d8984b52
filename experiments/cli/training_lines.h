#pragma once

#include <string>

#include "experiments/experiment.h"

namespace mlpbench {

/// What is said of a training after its result, whole lines: whether the parallel threshold left it on one
/// thread, lost updates, the target, the ensemble; last how long it took.
std::string training_lines(const Problem& problem, const RunResult& result);

}  // namespace mlpbench
