#pragma once

#include <string>
#include <vector>

#include "bench/measure/comparison.h"
#include "bench/measure/schedule.h"
#include "bench/studies/setting.h"

namespace mlpbench {

struct StudyCost {
  std::string name;  ///< one of study_names()
  double seconds = 0.0;
};

/// What add_studies() is expected to take for `studies`, were all cases of `comparison` right; one that has
/// nothing to do takes 0. Seeds are as many trainings of each case as `costs` says of its check (in the order
/// of the cases), other trainings are made shortly, and visits are counted. An estimate, not a bound: but for
/// trainings that end at their target, which are taken for whole. Throws Interrupted.
std::vector<StudyCost> estimate_studies(const Comparison& comparison, const std::vector<CaseCost>& costs,
                                        const std::vector<std::string>& studies, const StudySetting& setting);

}  // namespace mlpbench
