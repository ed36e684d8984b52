// What threads bring: samples a second, and how much of what the machine could give.
#pragma once

#include <cstddef>
#include <vector>

#include "bench/results/document.h"
#include "bench/studies/study.h"
#include "bench/studies/workload.h"

namespace mlpbench {

/// Checks `works` on `backend` (check()), then times each on one thread and on each number of `threads`
/// beside it (StudySetting::measure()); before and after each visit the probes run on as many threads, and
/// the ceiling of a row is the mean of the two divided by that of one thread. Trainers with a parallel
/// threshold have rows with it and without, and one without on a single thread: what the shared step costs
/// when there is nothing to gain. Throws Interrupted.
std::vector<ScalingFact> measure_scaling(const std::vector<Workload>& works, const BackendEntry& backend,
                                         const std::vector<std::size_t>& threads,
                                         const StudySetting& setting);

}  // namespace mlpbench
