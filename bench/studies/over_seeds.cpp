#include "bench/studies/over_seeds.h"

#include <algorithm>
#include <cmath>

#include "bench/results/document.h"
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
  SeedsFact fact;
  for (const SeedResult& result : results) {
    fact.seeds.emplace_back(result.seed);
    fact.accuracy.push_back(result.test_accuracy.value_or(kUnknown));
    fact.mse.push_back(result.test_mse.value_or(kUnknown));
    fact.final_loss.push_back(result.final_loss.value_or(kUnknown));
  }
  for (std::vector<double>* values : {&fact.accuracy, &fact.mse, &fact.final_loss}) {
    const bool none =
        std::all_of(values->begin(), values->end(), [](double value) { return std::isnan(value); });
    if (none) values->clear();
  }
  return json_of(fact);
}

}  // namespace mlpbench
