#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/studies/setting.h"
#include "bench/studies/study.h"

namespace mlpbench {

/// The study of those of `experiments` that have a target, as time_to_accuracy() makes it; without
/// experiments where none of them has one.
StudyOptions time_to_accuracy_options(const std::vector<std::string>& experiments,
                                      const BackendEntry& backend, const StudySetting& setting);

/// study_json() of the trainers on those of `experiments` that have a target (bench/studies/study.h), over
/// setting.seeds seeds, the parallel trainers on two threads where there are two CPUs. Null when none of them
/// has one. Throws Interrupted between two trainings.
nlohmann::ordered_json time_to_accuracy(const std::vector<std::string>& experiments,
                                        const BackendEntry& backend, const StudySetting& setting);

}  // namespace mlpbench
