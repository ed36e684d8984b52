#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bench/measure.h"

namespace mlpbench {

/// "All 60 cases agree with NumPy; 6 experiments, 4 backends, ..." or what is wrong, one line.
std::string verdict(const Comparison& comparison);

/// A table for each experiment with its base and how to read it, for a terminal.
std::string console_text(const Comparison& comparison);

/// The same for results/report.md, with the machine, the build and how to repeat the run. `command` is the
/// command line that made it.
std::string markdown_text(const Comparison& comparison, const std::string& command);

/// Everything measured, every round of it, each case with its run's record (experiments/cli/record.h).
nlohmann::ordered_json results_json(const Comparison& comparison, const std::string& command);

}  // namespace mlpbench
