#pragma once

#include <atomic>

#include "bench/comparison.h"
#include "bench/schedule.h"

namespace mlpbench {

/// How often a case is trained in one visit: `trainings` of `epochs` each, one at least.
struct VisitPlan {
  std::size_t epochs = 1;     ///< at most those of the whole training
  std::size_t trainings = 1;  ///< one after the other, where one is too short

  std::size_t all_epochs() const { return epochs * trainings; }
};

/// Fills about `seconds` with epochs of `epoch_seconds` each.
VisitPlan plan_visit(double seconds, double epoch_seconds, std::size_t epochs);

/// What the case will cost, found by training it for one epoch, or for so many as take a millisecond: the
/// epochs by the trainer's clock, everything around them once a training. UserError when the settings do not
/// fit the data; Interrupted (bench/check.h).
CaseCost estimate_cost(const Problems& problems, const Case& what, const MeasureOptions& options,
                       const std::atomic<bool>* interrupt);

}  // namespace mlpbench
