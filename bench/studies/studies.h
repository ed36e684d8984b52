// What a run gathers besides the times of its cases: a study is a section of the results document.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/measure/comparison.h"
#include "bench/measure/journal.h"
#include "bench/studies/setting.h"

namespace mlpbench {

/// The studies, in the order of their sections: over_seeds (a field of each case), curves, time_to_accuracy,
/// scaling, roofline, boundaries.
std::vector<std::string> study_names();

/// The value of --studies, "all" or "none" or names, as names in the order of study_names(). UserError for
/// any other.
std::vector<std::string> chosen_studies(const std::vector<std::string>& names);

/// Runs `studies` on what `comparison` selected and found right: its experiments, on the first backend in the
/// order of preference that has no wrong case; its trainers, where they are not each experiment's own;
/// over_seeds on every right case. Curves, times to accuracy and scaling are in float32, or in float64 where
/// only that was selected. Adds what each found to `results`, results_json() of the same comparison; a study
/// that has nothing to do there adds nothing. Returns false when setting.interrupt ended it: `results` then
/// says "interrupted", and the sections that it has are whole. With a journal, what a study found is noted
/// there, and one that an earlier process noted is not made again.
bool add_studies(const Comparison& comparison, const std::vector<std::string>& studies,
                 const StudySetting& setting, nlohmann::ordered_json& results, Journal* journal = nullptr);

}  // namespace mlpbench
