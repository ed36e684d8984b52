// What a result owes to the seed: the whole experiment, once a seed.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/results/document.h"
#include "bench/studies/setting.h"

namespace mlpbench {

/// Runs the experiment with `settings` and with the seeds `first`, `first` + 1, ...: `count` of them, each
/// with the weights and losses that it has alone; a result is unknown where the training diverged. Where a
/// training is serial, as many seeds train at the same time as there are CPUs. Nothing is timed. Throws
/// Interrupted.
std::vector<RunResult::Member> over_seeds(const Experiment& experiment, const Settings& settings,
                                          std::uint32_t first, std::size_t count, const BackendEntry& backend,
                                          DType dtype, const std::atomic<bool>* interrupt);

/// One entry a seed, unknown of a run that diverged; no list where the experiment has no such number.
SeedsFact seeds_fact(const std::vector<RunResult::Member>& results);

}  // namespace mlpbench
