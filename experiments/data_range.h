#pragma once

#include "core/dtype.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// Throws UserError, with the place of the value where Problem::place knows it, for a feature that is
/// infinite in `dtype`.
void require_representable(const Problem& problem, DType dtype);

/// Throws WrongResult when an output of the trained network is NaN or infinite. The message is "training
/// diverged" or, when all parameters are finite, names the sample whose features are too large.
void require_finite_outputs(const Problem& problem, const RunResult& result);

}  // namespace mlpbench
