// Correctness before speed: a case is trained completely, as its program trains it, and its numbers are
// compared with NumPy's or the naive backend's. It is trained shortly to know what that and its rounds will
// cost.
#pragma once

#include <atomic>
#include <exception>
#include <map>
#include <span>
#include <tuple>

#include "bench/measure/comparison.h"
#include "bench/measure/schedule.h"

namespace mlpbench {

/// A training that was asked to stop: its numbers are of no use.
class Interrupted : public std::exception {};

/// The data of all `cases`: one problem an experiment, and one a member where an ensemble is among its cases.
/// Throws Interrupted; UserError as Experiment::build.
ProblemsOf build_problems(const std::vector<Case>& cases, const std::atomic<bool>* interrupt);

/// Trains `what` with `settings` on the experiment's data; `problems` has one problem a member for an
/// ensemble. Throws Interrupted when `interrupt` became true meanwhile; else as run_experiment() does.
RunResult train_case(const Problems& problems, const Case& what, const Settings& settings,
                     const std::atomic<bool>* interrupt);

/// By the trainer's clock; of an ensemble, of all members by the wall.
double train_seconds(const RunResult& run);

/// train_seconds() an epoch: of a run that was checked, and of a training of `what` for `epochs`, which is
/// made now. Throws as train_case().
double checked_epoch_seconds(const RunResult& run);
double epoch_seconds(const Problems& problems, const Case& what, std::size_t epochs,
                     const std::atomic<bool>* interrupt = nullptr);

/// Fills about `seconds` with epochs of `epoch_seconds` each.
VisitPlan plan_visit(double seconds, double epoch_seconds, std::size_t epochs);

/// Seconds of a training.
struct TrainingCost {
  double epoch = 0.0;   ///< of each epoch, by the trainer's clock
  double around = 0.0;  ///< of everything else, by the wall

  double of(std::size_t epochs) const { return static_cast<double>(epochs) * epoch + around; }
};

/// What a training of `what` costs, found by training it for one epoch, or for so many as take a millisecond.
/// UserError when the settings do not fit the data; Interrupted.
TrainingCost training_cost(const Problems& problems, const Case& what, const std::atomic<bool>* interrupt);

/// What the case will cost: training_cost() for its check and its visits. Throws as that.
CaseCost estimate_cost(const Problems& problems, const Case& what, const MeasureOptions& options,
                       const std::atomic<bool>* interrupt);

/// Runs of the naive backend, each made when it is first asked for.
class NaiveRuns {
 public:
  explicit NaiveRuns(const std::atomic<bool>* interrupt = nullptr) : interrupt_(interrupt) {}

  /// The run of settings.trainer on one thread. As train_case().
  const RunResult& of(const Problems& problems, const Experiment& experiment, Settings settings,
                      DType dtype = DType::float64);

 private:
  const std::atomic<bool>* interrupt_;
  std::map<std::tuple<const Experiment*, std::string_view, std::uint32_t, DType>, RunResult> runs_;
};

/// How much less accurate than serial mini-batch training a run on several threads without a promise may be.
/// It is this part of the test samples, or for a regression this part of the squared error.
inline constexpr double kStatisticalAccuracy = 0.05, kStatisticalError = 1.0;

/// A peer that draws its own weights may be that much less accurate than the worst of serial training's runs
/// with so many seeds.
inline constexpr std::size_t kPeerSeeds = 10;

/// Trains the case completely and compares every number. The reference is NumPy's, where the trainer promises
/// the bits that NumPy's program was compared with, else the naive backend in float64. `wrong` says what is
/// not correct. hogwild on several threads promises no numbers. Its accuracy is compared with that of serial
/// training, by kStatisticalAccuracy or kStatisticalError. The same holds for a peer without our weights
/// (kPeerSeeds). Settings that do not fit the data make the case one that cannot run. Throws Interrupted;
/// UserError when NumPy's values cannot be read.
CaseResult checked(const Problems& problems, const Case& what, NaiveRuns& naive,
                   const std::atomic<bool>* interrupt = nullptr);

/// Why the accuracy of a row is not that of `reference`, in words, or empty. One sample more or less is
/// allowed in float32: an output next to the threshold.
std::string wrong_accuracy(const CaseResult& row, const RunResult& reference);

}  // namespace mlpbench
