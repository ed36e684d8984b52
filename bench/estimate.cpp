#include "bench/estimate.h"

#include <algorithm>
#include <chrono>

#include "bench/check.h"

namespace mlpbench {
namespace {

constexpr double kLongEnough = 1e-3;

/// Seconds of an epoch, and of everything else in a training.
struct ShortTraining {
  double epoch, around;
};

ShortTraining train_shortly(const Problems& problems, const Case& what, std::size_t epochs,
                            const std::atomic<bool>* interrupt) {
  Settings settings = what.settings();
  settings.epochs = epochs;
  const auto start = std::chrono::steady_clock::now();
  const RunResult run = train_case(problems, what, settings, interrupt);
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double trained = train_seconds(run);
  return {trained / static_cast<double>(epochs), std::max(0.0, wall - trained)};
}

}  // namespace

VisitPlan plan_visit(double seconds, double epoch_seconds, std::size_t epochs) {
  const double all = static_cast<double>(epochs), wanted = seconds / epoch_seconds;
  return {static_cast<std::size_t>(std::clamp(wanted, 1.0, all)),
          static_cast<std::size_t>(std::max(1.0, wanted / all))};
}

CaseCost estimate_cost(const Problems& problems, const Case& what, const MeasureOptions& options,
                       const std::atomic<bool>* interrupt) {
  const std::size_t epochs = what.settings().epochs;
  ShortTraining cost = train_shortly(problems, what, 1, interrupt);
  if (cost.epoch < kLongEnough && epochs > 1) {
    const VisitPlan longer = plan_visit(kLongEnough, cost.epoch, epochs);
    cost = train_shortly(problems, what, longer.epochs, interrupt);
  }
  const VisitPlan visit = plan_visit(options.seconds_per_run / 2, cost.epoch, epochs);
  return {static_cast<double>(epochs) * cost.epoch + cost.around,
          static_cast<double>(visit.all_epochs()) * cost.epoch +
              static_cast<double>(visit.trainings) * cost.around};
}

}  // namespace mlpbench
