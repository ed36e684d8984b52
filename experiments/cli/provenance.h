#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "backends/registry.h"

namespace mlpbench {

/// The machine, without anything that names its owner: CPU model, logical cores (of the machine, and those
/// that this process may use), best instruction set, operating system, kernel.
nlohmann::ordered_json machine_info();

/// The build: version, git commit and whether the tree had changes (both as of the last build; "unknown" and
/// null without git), compiler, build type, versions of the libraries. With a backend also the compiler flags
/// of its inner loops.
nlohmann::ordered_json build_info(const BackendEntry* backend = nullptr);

/// "mlpbench 0.1.0 (commit 2b2affa, with changes; GCC 12.2.0, Release)".
std::string version_line();

}  // namespace mlpbench
