#pragma once

#include <atomic>

#include "bench/measure/comparison.h"
#include "bench/measure/schedule.h"

namespace mlpbench {

/// How often a case is trained in one visit: `trainings` of `epochs` each, one at least.
struct VisitPlan {
  std::size_t epochs = 1;     ///< at most those of the whole training
  std::size_t trainings = 1;  ///< one after the other, where one is too short

  std::size_t all_epochs() const { return epochs * trainings; }
};

/// Fills about `seconds` with epochs of `epoch_seconds` each.
VisitPlan plan_visit(double seconds, double epoch_seconds, std::size_t epochs);

/// Seconds of a training.
struct TrainingCost {
  double epoch = 0.0;   ///< of each epoch, by the trainer's clock
  double around = 0.0;  ///< of everything else, by the wall

  double of(std::size_t epochs) const { return static_cast<double>(epochs) * epoch + around; }
};

/// What a training of `what` costs, found by training it for one epoch, or for so many as take a millisecond.
/// UserError when the settings do not fit the data; Interrupted (bench/measure/check.h).
TrainingCost training_cost(const Problems& problems, const Case& what, const std::atomic<bool>* interrupt);

/// What the case will cost: training_cost() for its check and its visits. Throws as that.
CaseCost estimate_cost(const Problems& problems, const Case& what, const MeasureOptions& options,
                       const std::atomic<bool>* interrupt);

}  // namespace mlpbench
