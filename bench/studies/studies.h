// What a run gathers besides the times of its cases: a study is a section of the results document.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "bench/studies/study.h"

namespace mlpbench {

/// The studies, in the order of their sections.
std::span<const Study> all_studies();

/// Names of all_studies(), or only of those that are standard.
std::vector<std::string> study_names(bool only_standard = false);

/// The value of --studies, "all" (the standard ones) or "none" or names, as names in the order of
/// study_names(). UserError for any other.
std::vector<std::string> chosen_studies(const std::vector<std::string>& names);

struct StudyCost {
  std::string name;  ///< one of study_names()
  double seconds = 0.0;
};

/// What add_studies() is expected to take for `studies`, were all cases of `comparison` right. `costs` has
/// one of each case. Throws Interrupted.
std::vector<StudyCost> estimate_studies(const Comparison& comparison, const std::vector<CaseCost>& costs,
                                        const std::vector<std::string>& studies, const StudySetting& setting);

/// Runs `studies` on what `comparison` selected and found right: its experiments, on the first backend in the
/// order of preference that has no wrong case; its trainers, where they are not each experiment's own;
/// over_seeds on every right case. Adds what each found to `results`, results_json() of the same comparison;
/// a study that has nothing to do there adds nothing. Returns false when setting.interrupt ended it:
/// `results` then says "interrupted", and the sections that it has are whole. With setting.journal, what a
/// study found is noted there, and one that an earlier process noted is not made again.
bool add_studies(const Comparison& comparison, const std::vector<std::string>& studies,
                 const StudySetting& setting, nlohmann::ordered_json& results);

}  // namespace mlpbench
