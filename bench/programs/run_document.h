#pragma once

#include <nlohmann/json.hpp>

#include "bench/programs/run_options.h"
#include "bench/results/document.h"

namespace mlpbench {

/// What must be the same for two processes to be one run: the program to the byte, the machine, the
/// selection and its options, and which of the cases can run.
nlohmann::ordered_json run_identity(const std::vector<Case>& cases, const RunOptions& options);

/// Everything measured, every round of it: what was selected, the machine, the build, the method, and a case
/// each with its run's record, whose losses are those of at most 200 epochs (bench/results/curve_points.h).
/// Studies add their sections.
Document run_document(const Comparison& comparison, const RunOptions& options);

}  // namespace mlpbench
