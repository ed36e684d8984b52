// What naive and the fastest backend say about the plane, and how far apart they are.
#pragma once

#include <nlohmann/json.hpp>

#include "bench/studies/setting.h"

namespace mlpbench {

/// The boundary of one problem by two trained networks, float64 or float32 as both runs have it:
///   {"experiment", "x", "y", "grid", "dtype", "test", "train", "naive", "fastest", "difference",
///    "largest_difference"}
/// Probabilities have three decimals; the differences are of the probabilities before that, with two
/// significant digits. At most the first 400 samples of either set, each [x, y, class].
nlohmann::ordered_json boundary_json(const Problem& problem, const RunResult& naive, const RunResult& fastest,
                                     std::size_t points);

/// boundary_json() of the experiment as it is, in float64, on naive and on `fastest`; null when it has no
/// such picture. Trains both. Throws Interrupted between the two.
nlohmann::ordered_json boundary_of(const Experiment& experiment, const BackendEntry& fastest,
                                   const StudySetting& setting);

}  // namespace mlpbench
