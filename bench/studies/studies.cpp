#include "bench/studies/studies.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "support/error.h"

namespace mlpbench {

Study over_seeds_study();
Study curves_study();
Study time_to_accuracy_study();
Study scaling_study();
Study crossover_study();
Study determinism_study();
Study roofline_study();
Study boundaries_study();

std::span<const Study> all_studies() {
  static const std::array studies = {over_seeds_study(), curves_study(),    time_to_accuracy_study(),
                                     scaling_study(),    crossover_study(), determinism_study(),
                                     roofline_study(),   boundaries_study()};
  return studies;
}

namespace {

using nlohmann::ordered_json;

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What the study finds, or found in an earlier process.
ordered_json found_by(const Study& study, const Selected& selected, const StudySetting& setting) {
  const std::string name(study.name);
  if (const ordered_json* noted = setting.journal == nullptr ? nullptr : setting.journal->study(name)) {
    return *noted;
  }
  if (setting.begin) setting.begin(name);
  ordered_json found = study.run(selected, setting);
  if (setting.journal != nullptr) setting.journal->note_study(name, found);
  return found;
}

}  // namespace

std::vector<std::string> study_names(bool only_standard) {
  std::vector<std::string> names;
  for (const Study& study : all_studies()) {
    if (study.standard || !only_standard) names.emplace_back(study.name);
  }
  return names;
}

std::vector<std::string> chosen_studies(const std::vector<std::string>& names) {
  const std::vector<std::string> known = study_names();
  if (names == std::vector<std::string>{"all"}) return study_names(true);
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

std::vector<StudyCost> estimate_studies(const Comparison& comparison, const std::vector<CaseCost>& costs,
                                        const std::vector<std::string>& studies,
                                        const StudySetting& setting) {
  StudyPlan plan(comparison, costs, setting);
  std::vector<StudyCost> all;
  for (const Study& study : all_studies()) {
    if (!has(studies, study.name)) continue;
    all.push_back({std::string(study.name), plan.selected.fastest == nullptr ? 0.0 : study.estimate(plan)});
  }
  return all;
}

bool add_studies(const Comparison& comparison, const std::vector<std::string>& studies,
                 const StudySetting& setting, ordered_json& results) {
  const Selected selected(comparison);
  if (selected.fastest == nullptr) return true;
  StudySetting in_dtype = setting;
  in_dtype.dtype = selected.study_dtype();
  try {
    for (const Study& study : all_studies()) {
      if (!has(studies, study.name)) continue;
      ordered_json found = found_by(study, selected, in_dtype);
      if (found.empty()) continue;
      if (!study.of_cases) {
        results[std::string(study.name)] = std::move(found);
        continue;
      }
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].is_null()) results["cases"].at(i)[std::string(study.name)] = found[i];
      }
    }
  } catch (const Interrupted&) {
    results["status"] = "interrupted";
    return false;
  }
  return true;
}

}  // namespace mlpbench
