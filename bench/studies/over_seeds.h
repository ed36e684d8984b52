// What a result owes to the seed: the whole experiment, once a seed.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "bench/studies/setting.h"

namespace mlpbench {

/// What one seed left. All empty when the training diverged.
struct SeedResult {
  std::uint32_t seed = 0;
  std::optional<double> final_loss, test_accuracy, test_mse;
};

/// What a run that is there already left.
SeedResult seed_result(const RunResult& run);

/// Runs the experiment with `settings` and with the seeds `first`, `first` + 1, ...: `count` of them, each
/// with the weights and losses that it has alone. Where a training is serial, as many seeds train at the same
/// time as there are CPUs; nothing is timed. Throws Interrupted.
std::vector<SeedResult> over_seeds(const Experiment& experiment, const Settings& settings,
                                   std::uint32_t first, std::size_t count, const BackendEntry& backend,
                                   DType dtype, const std::atomic<bool>* interrupt);

/// {"seeds", "test_accuracy", "test_mse", "final_loss"}: lists, one entry a seed, null of a run that
/// diverged; null instead of a list where the experiment has no such number.
nlohmann::ordered_json over_seeds_json(const std::vector<SeedResult>& results);

}  // namespace mlpbench
