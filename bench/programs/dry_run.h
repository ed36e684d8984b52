#pragma once

#include <string>

#include "bench/programs/run_options.h"

namespace mlpbench {

/// The table of `--dry-run`: each case with what its check, a round and all rounds are expected to take
/// (estimate_cost()), each study (estimate_studies()), and the sum. Ends early with what there is once
/// options.interrupt is set.
std::string dry_run_text(const std::vector<Case>& cases, const RunOptions& options);

}  // namespace mlpbench
