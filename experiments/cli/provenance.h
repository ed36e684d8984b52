#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "backends/registry.h"

namespace mlpbench {

/// The machine, without anything that names its owner, its users or the host: CPU and microcode, sockets and
/// cores (of the machine, and those that this process may use), caches, memory, hypervisor, instruction set,
/// operating system, and its state now: governor, turbo, load, quota. "unknown" and null where the system
/// does not say.
///   cgroup_quota  processors' worth of time; false for no limit
///   load          processes that ran or waited, mean of the last minute
///   stolen        part of the processors' time that the host gave to somebody else since this program began
nlohmann::ordered_json machine_info();

/// How time is measured: the clock, the kernel's source of it, its tick, what a reading costs, what is inside
/// of the timed region and what is not.
nlohmann::ordered_json measurement_info();

/// The build: version, git commit and whether the tree had changes (both as of the last build; "unknown" and
/// null without git), compiler, build type, versions of the libraries. With a backend also the compiler flags
/// of its inner loops ("backend_flags"), else those of all backends ("flags").
nlohmann::ordered_json build_info(const BackendEntry* backend = nullptr);

/// "mlpbench 0.1.0 (commit 2b2affa, with changes; GCC 12.2.0, Release)".
std::string version_line();

}  // namespace mlpbench
