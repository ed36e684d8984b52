#pragma once

#include <string>

#include "experiments/experiment.h"

namespace mlpbench {

/// The lines about a training after its result. They say whether the parallel threshold left it on one
/// thread, and name lost updates, the target and the ensemble. The last line is the time.
std::string training_lines(const Problem& problem, const RunResult& result);

}  // namespace mlpbench
