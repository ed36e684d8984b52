#include "bench/studies/studies.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "bench/studies/boundaries.h"
#include "bench/studies/curves.h"
#include "bench/studies/over_seeds.h"
#include "bench/studies/roofline.h"
#include "bench/studies/selected.h"
#include "bench/studies/thread_scaling.h"
#include "bench/studies/time_to_accuracy.h"
#include "support/error.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

/// A list with an entry a case, null where there is nothing; null without seeds.
ordered_json over_seeds_of(const Comparison& comparison, const StudySetting& setting) {
  if (setting.seeds < 2) return nullptr;
  ordered_json all(comparison.cases.size(), ordered_json());
  for (std::size_t i = 0; i < comparison.cases.size(); ++i) {
    const CaseResult& row = comparison.cases[i];
    // An ensemble is many seeds by itself.
    if (!row.run || !row.wrong.empty() || find_trainer(row.what.trainer_name()).runs_members) continue;
    setting.next(
        fmt::format("over seeds, {}, case {} of {}", row.what.name(), i + 1, comparison.cases.size()));
    std::vector<SeedResult> seeds{seed_result(*row.run)};
    const Settings& settings = row.run->settings;
    for (const SeedResult& other :
         over_seeds(*row.what.experiment, settings, settings.seed + 1, setting.seeds - 1, *row.what.backend,
                    row.what.dtype, setting.interrupt)) {
      seeds.push_back(other);
    }
    all[i] = over_seeds_json(seeds);
  }
  return all;
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

/// What the study finds, or found in an earlier process.
ordered_json found_by(const std::string& name, const std::function<ordered_json()>& study,
                      const StudySetting& setting, Journal* journal) {
  if (const ordered_json* noted = journal == nullptr ? nullptr : journal->study(name)) return *noted;
  if (setting.begin) setting.begin(name);
  ordered_json found = study();
  if (journal != nullptr) journal->note_study(name, found);
  return found;
}

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
                 const StudySetting& setting, ordered_json& results, Journal* journal) {
  const Selected selected = selected_by(comparison);
  if (selected.fastest == nullptr) return true;
  StudySetting in_dtype = setting;
  in_dtype.dtype = selected.study_dtype();
  try {
    if (has(studies, kOverSeeds)) {
      const ordered_json found = found_by(
          kOverSeeds, [&] { return over_seeds_of(comparison, setting); }, setting, journal);
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].is_null()) results["cases"].at(i)["over_seeds"] = found[i];
      }
    }
    for (const Study& study : kSections) {
      if (!has(studies, study.name)) continue;
      ordered_json section = found_by(
          study.name, [&] { return study.section(selected, in_dtype); }, setting, journal);
      if (!section.empty()) results[study.name] = std::move(section);
    }
  } catch (const Interrupted&) {
    results["status"] = "interrupted";
    return false;
  }
  return true;
}

}  // namespace mlpbench
