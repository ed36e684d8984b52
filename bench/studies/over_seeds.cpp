#include "bench/studies/over_seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/studies/study.h"
#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

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

/// A list with an entry a case, null where there is nothing; null without seeds.
nlohmann::ordered_json of_all_cases(const Selected& selected, const StudySetting& setting) {
  if (setting.seeds < 2) return nullptr;
  const std::vector<CaseResult>& cases = selected.comparison.cases;
  nlohmann::ordered_json all(cases.size(), nlohmann::ordered_json());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const CaseResult& row = cases[i];
    // An ensemble is many seeds by itself.
    if (!row.run || !row.wrong.empty() || find_trainer(row.what.trainer_name()).runs_members) continue;
    setting.next(fmt::format("over seeds, {}, case {} of {}", row.what.name(), i + 1, cases.size()));
    std::vector<RunResult::Member> seeds{member_of(*row.run)};
    const Settings& settings = row.run->settings;
    const auto others = over_seeds(*row.what.experiment, settings, settings.seed + 1, setting.seeds - 1,
                                   *row.what.backend, row.what.dtype, setting.interrupt);
    seeds.insert(seeds.end(), others.begin(), others.end());
    all[i] = json_of(seeds_fact(seeds));
  }
  return all;
}

/// As many trainings of each case as its check costs one.
double estimate(StudyPlan& plan) {
  if (plan.setting.seeds < 2) return 0.0;
  const double others = static_cast<double>(plan.setting.seeds) - 1.0;
  const double at_once = static_cast<double>(running_threads(plan.setting.seeds - 1));
  double seconds = 0.0;
  for (std::size_t i = 0; i < plan.costs.size(); ++i) {
    const Case& what = plan.selected.comparison.cases[i].what;
    if (find_trainer(what.trainer_name()).runs_members) continue;
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
          .estimate = estimate,
          .run = of_all_cases,
          .of_cases = true};
}

}  // namespace mlpbench
