// A study gathers what the cases' times do not say. It is one file with one entry, which studies.cpp lists.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "bench/measure/estimate.h"
#include "bench/studies/setting.h"

namespace mlpbench {

/// What the comparison selected: each once, in its order.
struct Selected {
  explicit Selected(const Comparison& of);

  const Comparison& comparison;
  std::vector<const Experiment*> experiments;
  std::vector<const BackendEntry*> backends;  ///< that can run here
  std::vector<DType> dtypes;
  std::vector<std::string> trainers;      ///< empty: each experiment's own
  std::vector<std::size_t> threads;       ///< above one; empty: only one
  const BackendEntry* fastest = nullptr;  ///< the first without a wrong case; null when there is none

  /// Of curves, times to accuracy and scaling: float32, unless only float64 was selected.
  DType study_dtype() const;

  /// How many threads are compared with one, ascending: the selected ones, or threads_to_compare() the CPUs.
  std::vector<std::size_t> compared_threads() const;
};

/// 2, 4, 8, ... below `cpus`, and `cpus`. Empty for a single CPU.
std::vector<std::size_t> threads_to_compare(std::size_t cpus);

/// What a study's time is estimated from.
class StudyPlan {
 public:
  /// `costs` has one of each case.
  StudyPlan(const Comparison& comparison, const std::vector<CaseCost>& costs, const StudySetting& setting);

  const Selected selected;
  const std::vector<CaseCost>& costs;
  StudySetting setting;  ///< in the dtype that was selected

  /// Seconds of a whole training; 0 where it cannot be made, and the study leaves it out.
  double training(Case what, std::size_t epochs);

 private:
  std::map<std::tuple<const Experiment*, const BackendEntry*, DType, std::string_view, std::size_t>,
           TrainingCost>
      trainings_;
};

struct Study {
  std::string_view name;   ///< of its section in the results
  std::string_view about;  ///< one line
  bool standard = true;    ///< one of "all"

  /// Seconds that run() is expected to take, were all cases right; 0 when it has nothing to do. An estimate,
  /// not a bound.
  double (*estimate)(StudyPlan&) = nullptr;

  /// Its section; null or empty when it has nothing to do. Throws Interrupted.
  nlohmann::ordered_json (*run)(const Selected&, const StudySetting&) = nullptr;

  bool of_cases = false;  ///< its section is a list with an entry a case, a field of that case
};

}  // namespace mlpbench
