// What naive and the fastest backend say about the plane, and how far apart they are.
#pragma once

#include "bench/results/document.h"
#include "bench/studies/setting.h"

namespace mlpbench {

/// The boundary of one problem by two trained networks, float64 or float32 as both runs have it.
/// Probabilities have three decimals; the differences are of the probabilities before that, with two
/// significant digits. At most the first 400 samples of either set.
BoundaryFact boundary_fact(const Problem& problem, const RunResult& naive, const RunResult& fastest,
                           std::size_t points);

/// boundary_fact() of the experiment as it is, in float64, on naive and on `fastest`; nothing when it has no
/// such picture. Trains both. Throws Interrupted between the two.
std::optional<BoundaryFact> boundary_of(const Experiment& experiment, const BackendEntry& fastest,
                                        const StudySetting& setting);

}  // namespace mlpbench
