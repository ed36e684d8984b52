#include "bench/studies/over_seeds.h"

#include <algorithm>

#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

SeedResult train_seed(const Experiment& experiment, const Settings& settings, const BackendEntry& backend,
                      DType dtype, const std::atomic<bool>* interrupt) {
  try {
    const Problem problem = experiment.build(settings);
    return seed_result(run_experiment(experiment, problem, settings, backend, dtype, {}, interrupt));
  } catch (const WrongResult&) {
    return {settings.seed, {}, {}, {}};  // another seed may diverge where the experiment's own does not
  }
}

}  // namespace

SeedResult seed_result(const RunResult& run) {
  const std::vector<double>& losses = run.trace.loss_per_epoch;
  return {run.settings.seed, losses.empty() ? std::nullopt : std::optional(losses.back()), run.test_accuracy,
          run.test_mse};
}

std::vector<SeedResult> over_seeds(const Experiment& experiment, const Settings& settings,
                                   std::uint32_t first, std::size_t count, const BackendEntry& backend,
                                   DType dtype, const std::atomic<bool>* interrupt) {
  std::vector<SeedResult> results(count);
  const auto train = [&](std::size_t i, std::size_t) {
    Settings own = settings;
    own.seed = first + static_cast<std::uint32_t>(i);
    results[i] = train_seed(experiment, own, backend, dtype, interrupt);
  };
  if (settings.threads > 1) {
    for (std::size_t i = 0; i < count; ++i) train(i, 0);
  } else {
    ThreadPool(running_threads(count)).for_each(count, train);
  }
  if (interrupt != nullptr && *interrupt) throw Interrupted();
  return results;
}

nlohmann::ordered_json over_seeds_json(const std::vector<SeedResult>& results) {
  nlohmann::ordered_json seeds = nlohmann::ordered_json::array();
  for (const SeedResult& result : results) seeds.push_back(result.seed);
  const auto list = [&](std::optional<double> SeedResult::*number) {
    nlohmann::ordered_json values = nlohmann::ordered_json::array();
    for (const SeedResult& result : results) {
      const std::optional<double>& value = result.*number;
      values.push_back(value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json());
    }
    const bool none = std::all_of(values.begin(), values.end(), [](const auto& v) { return v.is_null(); });
    return none ? nlohmann::ordered_json() : values;
  };
  return {{"seeds", std::move(seeds)},
          {"test_accuracy", list(&SeedResult::test_accuracy)},
          {"test_mse", list(&SeedResult::test_mse)},
          {"final_loss", list(&SeedResult::final_loss)}};
}

}  // namespace mlpbench
