#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

/// One trainer's part in --trainer all.
struct TrainerRun {
  const TrainerEntry* trainer;
  std::optional<RunResult> result;  ///< empty where it cannot train on these data
  std::string unusable_reason;      ///< why
};

/// A table with a row for every trainer, all on one backend and of `problem`. The loss is the mean over the
/// last epoch; an ensemble's time and samples are those of all members.
std::string trainers_text(const Problem& problem, const std::vector<TrainerRun>& runs);

}  // namespace mlpbench
