#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

#include "bench/studies/setting.h"

namespace mlpbench {

/// 2, 4, 8, ... below `cpus`, and `cpus`: how many threads are compared with one. Empty for a single CPU.
std::vector<std::size_t> threads_to_compare(std::size_t cpus);

/// What thread_scaling() is expected to take: the visits by their number, the checks by the speed of naive.
double thread_scaling_seconds(const BackendEntry& backend, const StudySetting& setting);

/// scaling_json() of a few workloads (bench/studies/workload.h) on `backend`, on threads_to_compare() the
/// CPUs that this process may use. Null when that is one: there is nothing to compare. Throws
/// Interrupted between two pieces of work.
nlohmann::ordered_json thread_scaling(const BackendEntry& backend, const StudySetting& setting);

}  // namespace mlpbench
