#include "bench/studies/study.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/training/thread_pool.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {

Study over_seeds_study();
Study curves_study();
Study time_to_accuracy_study();
Study scaling_study();
Study crossover_study();
Study determinism_study();
Study simulated_ranks_study();
Study roofline_study();
Study boundaries_study();
Study optimisers_study();

std::span<const Study> all_studies() {
  static const std::array studies = {over_seeds_study(),      curves_study(),    time_to_accuracy_study(),
                                     scaling_study(),         crossover_study(), determinism_study(),
                                     simulated_ranks_study(), roofline_study(),  boundaries_study(),
                                     optimisers_study()};
  return studies;
}

namespace {

template <typename Values>
bool has(const Values& values, const auto& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

template <typename Value>
void add_once(Value value, std::vector<Value>& values) {
  if (!has(values, value)) values.push_back(value);
}

}  // namespace

std::vector<Measurement> StudySetting::measure(const std::string& study, std::vector<Item> items,
                                               std::size_t most_rounds, const Ceilings* ceilings) const {
  std::vector<Measurement> all(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) items[i].result = &all[i];
  const EngineHooks hooks{.next = [&](const std::string& what) { next(study + ", " + what); },
                          .journal = journal,
                          .ceilings = ceilings};
  check_items(items, hooks);
  time_items(items, {.rounds = std::min(rounds, most_rounds), .precision = precision}, hooks);
  return all;
}

std::vector<Measurement> StudySetting::measure_all(const std::string& study, std::vector<Item> items,
                                                   std::size_t count) const {
  StudySetting every = *this;
  every.rounds = count;
  every.precision = 0.0;
  return every.measure(study, std::move(items), count);
}

Selected::Selected(const Comparison& of) : comparison(of) {
  for (const CaseResult& row : of.cases) {
    add_once(row.what.experiment, experiments);
    add_once(row.what.dtype, dtypes);
    if (!row.what.trainer.empty()) add_once(std::string(row.what.trainer), trainers);
    if (row.what.threads > 1) add_once(row.what.threads, threads);
    if (row.what.unusable_reason.empty() && row.what.peer == nullptr) add_once(row.what.backend, backends);
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

DType Selected::study_dtype() const { return has(dtypes, DType::float32) ? DType::float32 : DType::float64; }

std::vector<std::size_t> Selected::compared_threads() const {
  return threads.empty() ? threads_to_compare(running_threads(1024)) : threads;
}

std::vector<std::size_t> threads_to_compare(std::size_t cpus) {
  std::vector<std::size_t> threads;
  for (std::size_t count = 2; count < cpus; count *= 2) threads.push_back(count);
  if (cpus > 1) threads.push_back(cpus);
  return threads;
}

double StudyPlan::training(const Experiment& experiment, const BackendEntry& backend, DType dtype,
                           const Settings& settings) {
  const Case what{&experiment, &backend, dtype, "", find_trainer(settings.trainer).name, settings.threads};
  const std::tuple key(&experiment, &backend, dtype, what.trainer_name(), what.threads);
  const auto [cost, is_new] = trainings.try_emplace(key);
  if (is_new) {
    try {
      cost->second = training_cost(selected.comparison.problems.at(&experiment), what, setting.interrupt);
    } catch (const UserError&) {
    } catch (const WrongResult&) {
    }
  }
  return cost->second.of(settings.epochs);
}

std::vector<std::string> study_names(bool only_standard) {
  std::vector<std::string> names;
  for (const Study& study : all_studies()) {
    if (study.standard || !only_standard) names.emplace_back(study.name);
  }
  return names;
}

std::vector<std::string> chosen_studies(const std::vector<std::string>& names) {
  std::vector<std::string> known = study_names();
  if (names == std::vector<std::string>{"all"}) return study_names(true);
  if (names == std::vector<std::string>{"none"}) return {};
  for (const std::string& name : names) {
    if (name == "all" || name == "none") throw UserError(fmt::format("--studies: '{}' stands alone", name));
    if (!has(known, name)) {
      throw UserError(
          fmt::format("--studies: '{}' is none of all, none, {}", printable(name), fmt::join(known, ", ")));
    }
  }
  std::erase_if(known, [&](const std::string& name) { return !has(names, name); });
  return known;
}

std::vector<StudyCost> estimate_studies(const Comparison& comparison, const std::vector<CaseCost>& costs,
                                        const std::vector<std::string>& studies,
                                        const StudySetting& setting) {
  StudyPlan plan{Selected(comparison), costs, setting};
  plan.setting.dtype = plan.selected.study_dtype();
  std::vector<StudyCost> all;
  for (const Study& study : all_studies()) {
    if (!has(studies, study.name)) continue;
    all.push_back({std::string(study.name), plan.selected.fastest == nullptr ? 0.0 : study.estimate(plan)});
  }
  return all;
}

bool add_studies(const Comparison& comparison, const std::vector<std::string>& studies,
                 const StudySetting& setting, Document& document) {
  const Selected selected(comparison);
  if (selected.fastest == nullptr) return true;
  StudySetting in_dtype = setting;
  in_dtype.dtype = selected.study_dtype();
  try {
    for (const Study& study : all_studies()) {
      if (!has(studies, study.name)) continue;
      if (setting.begin) setting.begin(std::string(study.name));
      study.run(selected, in_dtype, document);
    }
  } catch (const Interrupted&) {
    document.status = "interrupted";
    return false;
  }
  return true;
}

double rounded(double value, int digits) {
  if (!std::isfinite(value)) return value;
  char text[32];
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, digits - 1).ptr;
  double result = 0.0;
  std::from_chars(text, end, result);
  return result;
}

}  // namespace mlpbench
