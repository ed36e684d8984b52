#include "bench/studies/study.h"

#include <algorithm>

#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

template <typename Value>
void add_once(Value value, std::vector<Value>& values) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

}  // namespace

Selected::Selected(const Comparison& of) : comparison(of) {
  for (const CaseResult& row : of.cases) {
    add_once(row.what.experiment, experiments);
    add_once(row.what.dtype, dtypes);
    if (!row.what.trainer.empty()) add_once(std::string(row.what.trainer), trainers);
    if (row.what.threads > 1) add_once(row.what.threads, threads);
    if (row.what.unusable_reason.empty()) add_once(row.what.backend, backends);
  }
  const auto right = [&of](const BackendEntry* backend) {
    return std::none_of(of.cases.begin(), of.cases.end(), [backend](const CaseResult& row) {
      return row.what.backend == backend && !row.wrong.empty();
    });
  };
  const auto first = std::find_if(backends.begin(), backends.end(), right);
  if (first != backends.end()) fastest = *first;
  std::sort(threads.begin(), threads.end());
}

DType Selected::study_dtype() const {
  const auto found = std::find(dtypes.begin(), dtypes.end(), DType::float32);
  return found == dtypes.end() ? DType::float64 : DType::float32;
}

std::vector<std::size_t> Selected::compared_threads() const {
  return threads.empty() ? threads_to_compare(running_threads(1024)) : threads;
}

std::vector<std::size_t> threads_to_compare(std::size_t cpus) {
  std::vector<std::size_t> threads;
  for (std::size_t count = 2; count < cpus; count *= 2) threads.push_back(count);
  if (cpus > 1) threads.push_back(cpus);
  return threads;
}

StudyPlan::StudyPlan(const Comparison& comparison, const std::vector<CaseCost>& costs_of_cases,
                     const StudySetting& of)
    : selected(comparison), costs(costs_of_cases), setting(of) {
  setting.dtype = selected.study_dtype();
}

double StudyPlan::training(Case what, std::size_t epochs) {
  const std::tuple key(what.experiment, what.backend, what.dtype, what.trainer_name(), what.threads);
  const auto [cost, is_new] = trainings_.try_emplace(key);
  if (is_new) {
    try {
      cost->second = training_cost(selected.comparison.problems.at(what.experiment), what, setting.interrupt);
    } catch (const UserError&) {
    } catch (const WrongResult&) {
    }
  }
  return cost->second.of(epochs);
}

}  // namespace mlpbench
