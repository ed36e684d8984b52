#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/studies/sections.h"
#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// An ensemble is many seeds by itself; what learns nothing owes nothing to its seed.
bool has_seeds(const Case& what) {
  return what.peer == nullptr && what.learns() && !find_trainer(what.trainer_name()).runs_members;
}

RunResult::Member train_seed(const Experiment& experiment, const Settings& settings,
                             const BackendEntry& backend, DType dtype, const std::atomic<bool>* interrupt) {
  try {
    const Problem problem = experiment.build(settings);
    return member_of(run_experiment(experiment, problem, settings, backend, dtype, {}, interrupt));
  } catch (const WrongResult&) {
    RunResult::Member diverged;  // as another seed may where the experiment's own does not
    diverged.seed = settings.seed;
    diverged.final_loss = kUnknown;
    return diverged;
  }
}

/// Seconds, then three numbers of every seed but the case's own; infinity for what it does not have.
std::vector<double> train_others(const CaseResult& row, const StudySetting& setting) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  const Clock::time_point start = Clock::now();
  const Settings& settings = row.run->settings;
  const auto others = over_seeds(*row.what.experiment, settings, settings.seed + 1, setting.seeds - 1,
                                 *row.what.backend, row.what.dtype, setting.interrupt);
  std::vector<double> found{seconds_since(start)};
  for (const RunResult::Member& seed : others) {
    const bool diverged = std::isnan(seed.final_loss);
    found.insert(found.end(), {seed.test_accuracy.value_or(kNone), seed.test_mse.value_or(kNone),
                               diverged ? kNone : seed.final_loss});
  }
  return found;
}

void run_over_seeds(const Selected& selected, const StudySetting& setting, Document& document) {
  if (setting.seeds < 2) return;
  const std::vector<CaseResult>& cases = selected.comparison.cases;
  std::vector<Item> items;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const CaseResult& row = cases[i];
    if (!row.run || !row.wrong.empty() || !has_seeds(row.what)) continue;
    rows.push_back(i);
    items.push_back({.name = "over_seeds/" + row.what.name(),
                     .time = [&](std::size_t, std::size_t) { return train_others(row, setting); },
                     .round = row.what.name() + ", run"});
  }
  const auto known = [](double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; };
  const std::vector<Measurement> found = setting.measure_all("over seeds", items, 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<RunResult::Member> seeds{member_of(*cases[rows[i]].run)};
    const std::vector<double>& others = found[i].also[0];
    for (std::size_t n = 0; n < others.size(); n += 3) {
      seeds.push_back({seeds.back().seed + 1, known(others[n + 2]).value_or(kUnknown), known(others[n]),
                       known(others[n + 1])});
    }
    document.cases[rows[i]].over_seeds = seeds_fact(seeds);
  }
}

/// As many trainings of each case as its check costs one.
double estimate_over_seeds(StudyPlan& plan) {
  if (plan.setting.seeds < 2) return 0.0;
  const double others = static_cast<double>(plan.setting.seeds) - 1.0;
  const double at_once = static_cast<double>(running_threads(plan.setting.seeds - 1));
  double seconds = 0.0;
  for (std::size_t i = 0; i < plan.costs.size(); ++i) {
    const Case& what = plan.selected.comparison.cases[i].what;
    if (!has_seeds(what)) continue;
    seconds += plan.costs[i].check * (what.threads > 1 ? others : std::ceil(others / at_once));
  }
  return seconds;
}

}  // namespace

std::vector<RunResult::Member> over_seeds(const Experiment& experiment, const Settings& settings,
                                          std::uint32_t first, std::size_t count, const BackendEntry& backend,
                                          DType dtype, const std::atomic<bool>* interrupt) {
  std::vector<RunResult::Member> results(count);
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

SeedsFact seeds_fact(const std::vector<RunResult::Member>& results) {
  SeedsFact fact;
  for (const RunResult::Member& result : results) {
    fact.seeds.emplace_back(result.seed);
    fact.accuracy.push_back(result.test_accuracy.value_or(kUnknown));
    fact.mse.push_back(result.test_mse.value_or(kUnknown));
    fact.final_loss.push_back(result.final_loss);
  }
  for (std::vector<double>* values : {&fact.accuracy, &fact.mse, &fact.final_loss}) {
    if (std::all_of(values->begin(), values->end(), [](double v) { return std::isnan(v); })) values->clear();
  }
  return fact;
}

Study over_seeds_study() {
  return {.name = "over_seeds",
          .about = "what each case owes to its seed",
          .estimate = estimate_over_seeds,
          .run = run_over_seeds};
}

}  // namespace mlpbench
