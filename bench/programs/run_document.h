#pragma once

#include "bench/programs/run_options.h"
#include "bench/results/document.h"

namespace mlpbench {

/// Everything measured, every round of it: what was selected, the machine, the build, the method, and a case
/// each with its run's record, whose losses are those of at most 200 epochs (bench/results/curve_points.h).
/// Studies add their sections.
Document run_document(const Comparison& comparison, const RunOptions& options);

}  // namespace mlpbench
