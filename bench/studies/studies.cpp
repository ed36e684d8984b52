#include "bench/studies/studies.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "bench/studies/boundaries.h"
#include "bench/studies/curves.h"
#include "bench/studies/over_seeds.h"
#include "bench/studies/roofline.h"
#include "bench/studies/thread_scaling.h"
#include "bench/studies/time_to_accuracy.h"
#include "core/error.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

/// What the comparison selected: each once, in its order.
struct Selected {
  std::vector<const Experiment*> experiments;
  std::vector<const BackendEntry*> backends;  ///< that can run here
  std::vector<DType> dtypes;
  std::vector<std::string> trainers;      ///< empty: each experiment's own
  const BackendEntry* fastest = nullptr;  ///< the first without a wrong case; null when there is none
};

template <typename Value>
void add_once(Value value, std::vector<Value>& values) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

Selected selected_by(const Comparison& comparison) {
  Selected selected;
  for (const CaseResult& row : comparison.cases) {
    add_once(row.what.experiment, selected.experiments);
    add_once(row.what.dtype, selected.dtypes);
    if (!row.what.trainer.empty()) add_once(std::string(row.what.trainer), selected.trainers);
    if (row.what.unusable_reason.empty()) add_once(row.what.backend, selected.backends);
  }
  const auto right = [&](const BackendEntry* backend) {
    return std::none_of(comparison.cases.begin(), comparison.cases.end(), [backend](const CaseResult& row) {
      return row.what.backend == backend && !row.wrong.empty();
    });
  };
  const auto first = std::find_if(selected.backends.begin(), selected.backends.end(), right);
  if (first != selected.backends.end()) selected.fastest = *first;
  return selected;
}

void add_over_seeds(const Comparison& comparison, const StudySetting& setting, ordered_json& results) {
  if (setting.seeds < 2) return;
  for (std::size_t i = 0; i < comparison.cases.size(); ++i) {
    const CaseResult& row = comparison.cases[i];
    // An ensemble is many seeds by itself.
    if (!row.run || !row.wrong.empty() || row.what.trainer_name() == "ensemble") continue;
    setting.next(
        fmt::format("over seeds, {}, case {} of {}", row.what.name(), i + 1, comparison.cases.size()));
    std::vector<SeedResult> seeds{seed_result(*row.run)};
    const Settings& settings = row.run->settings;
    for (const SeedResult& other :
         over_seeds(*row.what.experiment, settings, settings.seed + 1, setting.seeds - 1, *row.what.backend,
                    row.what.dtype, setting.interrupt)) {
      seeds.push_back(other);
    }
    results["cases"][i]["over_seeds"] = over_seeds_json(seeds);
  }
}

ordered_json curves_of(const Selected& selected, const StudySetting& setting) {
  ordered_json all = ordered_json::array();
  for (const Experiment* experiment : selected.experiments) {
    for (ordered_json& curve :
         curves_json(loss_curves(*experiment, selected.trainers, *selected.fastest, setting))) {
      all.push_back(std::move(curve));
    }
  }
  return all;
}

ordered_json time_to_accuracy_of(const Selected& selected, const StudySetting& setting) {
  std::vector<std::string> names;
  for (const Experiment* experiment : selected.experiments) names.emplace_back(experiment->name);
  return time_to_accuracy(names, *selected.fastest, setting);
}

ordered_json scaling_of(const Selected& selected, const StudySetting& setting) {
  return thread_scaling(*selected.fastest, setting);
}

ordered_json roofline_of(const Selected& selected, const StudySetting& setting) {
  return roofline_json(
      measure_roofline(roofline_points(selected.backends, selected.dtypes, setting.quick), setting));
}

ordered_json boundaries_of(const Selected& selected, const StudySetting& setting) {
  ordered_json all = ordered_json::array();
  for (const Experiment* experiment : selected.experiments) {
    ordered_json boundary = boundary_of(*experiment, *selected.fastest, setting);
    if (!boundary.is_null()) all.push_back(std::move(boundary));
  }
  return all;
}

/// float32, unless only float64 was selected.
DType study_dtype(const Selected& selected) {
  const auto found = std::find(selected.dtypes.begin(), selected.dtypes.end(), DType::float32);
  return found == selected.dtypes.end() ? DType::float64 : DType::float32;
}

struct Study {
  const char* name;
  ordered_json (*section)(const Selected&, const StudySetting&);
};
constexpr const char* kOverSeeds = "over_seeds";
constexpr Study kSections[] = {{"curves", curves_of},
                               {"time_to_accuracy", time_to_accuracy_of},
                               {"scaling", scaling_of},
                               {"roofline", roofline_of},
                               {"boundaries", boundaries_of}};

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<std::string> study_names() {
  std::vector<std::string> names{kOverSeeds};
  for (const Study& study : kSections) names.emplace_back(study.name);
  return names;
}

std::vector<std::string> chosen_studies(const std::vector<std::string>& names) {
  const std::vector<std::string> known = study_names();
  if (names == std::vector<std::string>{"all"}) return known;
  if (names == std::vector<std::string>{"none"}) return {};
  for (const std::string& name : names) {
    if (name == "all" || name == "none") throw UserError(fmt::format("--studies: '{}' stands alone", name));
    if (!has(known, name)) {
      throw UserError(fmt::format("--studies: '{}' is none of all, none, {}", name, fmt::join(known, ", ")));
    }
  }
  std::vector<std::string> chosen;
  std::copy_if(known.begin(), known.end(), std::back_inserter(chosen),
               [&](const std::string& name) { return has(names, name); });
  return chosen;
}

bool add_studies(const Comparison& comparison, const std::vector<std::string>& studies,
                 const StudySetting& setting, ordered_json& results) {
  const Selected selected = selected_by(comparison);
  if (selected.fastest == nullptr) return true;
  StudySetting in_dtype = setting;
  in_dtype.dtype = study_dtype(selected);
  try {
    if (has(studies, kOverSeeds)) add_over_seeds(comparison, setting, results);
    for (const Study& study : kSections) {
      if (!has(studies, study.name)) continue;
      ordered_json section = study.section(selected, in_dtype);
      if (!section.empty()) results[study.name] = std::move(section);
    }
  } catch (const Interrupted&) {
    results["status"] = "interrupted";
    return false;
  }
  return true;
}

}  // namespace mlpbench
