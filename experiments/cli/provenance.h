#pragma once

#include <string>

#include "backends/registry.h"
#include "experiments/cli/record_fields.h"

namespace mlpbench {

/// The machine, and its state now. "unknown" and NaN where the system does not say.
MachineFacts machine_facts();

MeasurementFacts measurement_facts();

/// The build; commit, its time and whether the tree had changes are as of the last build. With a backend it
/// has the compiler flags of that backend's inner loops, else those of all.
BuildFacts build_facts(const BackendEntry* backend = nullptr);

/// "mlpbench 0.1.0 (commit 2b2affa, with changes; GCC 12.2.0, Release)".
std::string version_line();

}  // namespace mlpbench
