#pragma once

#include <nlohmann/json.hpp>

#include "bench/programs/run_options.h"

namespace mlpbench {

/// What must be the same for two processes to be one run: the program to the byte, the machine, the
/// selection and its options, and which of the cases can run.
nlohmann::ordered_json run_identity(const std::vector<Case>& cases, const RunOptions& options);

}  // namespace mlpbench
