#include "bench/measure/estimate.h"

#include <algorithm>

#include "bench/measure/check.h"

namespace mlpbench {
namespace {

constexpr double kLongEnough = 1e-3;

TrainingCost train_shortly(const Problems& problems, const Case& what, std::size_t epochs,
                           const std::atomic<bool>* interrupt) {
  Settings settings = what.settings();
  settings.epochs = epochs;
  const Clock::time_point start = Clock::now();
  const RunResult run = train_case(problems, what, settings, interrupt);
  const double wall = seconds_since(start);
  const double trained = train_seconds(run);
  return {trained / static_cast<double>(epochs), std::max(0.0, wall - trained)};
}

}  // namespace

VisitPlan plan_visit(double seconds, double epoch_seconds, std::size_t epochs) {
  const double all = static_cast<double>(epochs), wanted = seconds / epoch_seconds;
  return {static_cast<std::size_t>(std::clamp(wanted, 1.0, all)),
          static_cast<std::size_t>(std::max(1.0, wanted / all))};
}

TrainingCost training_cost(const Problems& problems, const Case& what, const std::atomic<bool>* interrupt) {
  const std::size_t epochs = what.settings().epochs;
  const TrainingCost cost = train_shortly(problems, what, 1, interrupt);
  if (cost.epoch >= kLongEnough || epochs == 1) return cost;
  return train_shortly(problems, what, plan_visit(kLongEnough, cost.epoch, epochs).epochs, interrupt);
}

CaseCost estimate_cost(const Problems& problems, const Case& what, const MeasureOptions& options,
                       const std::atomic<bool>* interrupt) {
  const std::size_t epochs = what.settings().epochs;
  const TrainingCost cost = training_cost(problems, what, interrupt);
  const VisitPlan visit = plan_visit(options.seconds_per_run / 2, cost.epoch, epochs);
  return {cost.of(epochs), static_cast<double>(visit.trainings) * cost.of(visit.epochs)};
}

}  // namespace mlpbench
