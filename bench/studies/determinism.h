// What the one order of all sums costs: the shared step against one that adds gradients as they come.
#pragma once

#include <vector>

#include "bench/results/document.h"
#include "bench/studies/study.h"

namespace mlpbench {

/// Times two steps on the same batch, which stays where it is, beside each other (StudySetting::measure()).
/// Fixed order: ParallelStep, whose bits do not depend on the threads. Free order, what data-parallel
/// training usually does: each thread takes the gradients of a part of the batch with the backend's whole
/// step, adds them to the sum of all, slice by slice under a lock, in the order of arrival; then the weights
/// are updated. Before the clock starts each is compared with naive, as every case here is. One row a
/// synthetic case of `sync` on each of `backends`, in float32; the paired ratio above 1 says that the fixed
/// order costs. Throws Interrupted.
std::vector<DeterminismFact> measure_determinism(const std::vector<const BackendEntry*>& backends,
                                                 std::size_t threads, const StudySetting& setting);

}  // namespace mlpbench
