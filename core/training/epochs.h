#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>

#include "core/training/evaluator.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// The epochs of a run, and what happens between them: the clock, progress, the target, the interruption. A
/// trainer writes
///
///   for (Epochs<T> epochs(run, trace); epochs.more(); epochs.finish()) {
///     ... steps, each followed by a return where epochs.abandoned(loss), epochs.add(loss, samples), and a
///     return where epochs.interrupted() ...
///   }
///
/// The clock is read about a hundred times a run: an epoch of a tiny network takes less time than two
/// readings. It stands while progress is reported and while a checkpoint is kept. In a run with a target or a
/// validation it also stands while the held-out data are evaluated, after every epoch.
///
/// With ranks, the first evaluates and keeps checkpoints, and the others hear what it found. An interruption
/// is what a step's ranks agreed upon (Communicator::stopping()).
template <typename T>
class Epochs {
 public:
  /// Reserves the lists of `trace` and all that evaluating needs, goes on from a checkpoint where there is
  /// one, then starts the clock. `of_trainer` is the trainer's own state between two epochs: its optimiser,
  /// its batches. `whole`: an epoch is one step on all samples, whose mean loss is no other number.
  Epochs(const TrainingRun<T>& run, TrainingTrace& trace, RunState of_trainer, bool whole = false);

  /// Whether to train another epoch.
  bool more() const noexcept { return !over() && !trace_.interrupted; }

  /// Of the epoch under way, counted from 0.
  std::size_t number() const noexcept { return done_; }

  /// Whether somebody wants the run to end. Any thread may ask.
  bool interrupt_requested() const noexcept {
    return run_.options.ranks != nullptr ? run_.options.ranks->stopping() : interrupt_set();
  }

  /// The same of this rank alone.
  bool interrupt_set() const noexcept {
    const auto is_set = [](const std::atomic<bool>* flag) {
      return flag != nullptr && flag->load(std::memory_order_relaxed);
    };
    return is_set(run_.options.interrupt) || is_set(run_.options.also_interrupt);
  }

  /// The same, and then the run is over: the trace has all epochs but the one under way.
  bool interrupted() {
    if (!interrupt_requested()) return false;
    end_interrupted();
    return true;
  }

  /// Whether the step that returned `loss` was abandoned. Then the run is over in the same way.
  bool abandoned(double loss) { return std::isnan(loss) && interrupted(); }

  /// A step of the epoch on so many samples, whose losses sum up to `loss`. Throws WrongResult, naming the
  /// epoch, when that is NaN or infinite.
  void add(double loss, std::size_t samples);

  /// Ends the epoch, whose steps have all been added.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  bool over() const noexcept {
    return done_ >= run_.options.epochs || (trace_.target && trace_.target->met) ||
           (trace_.validation && trace_.validation->stopped);
  }

  void end_interrupted();
  [[noreturn]] void diverged(double loss) const;
  bool judge();            ///< evaluates what there is to evaluate; false: the run was interrupted meanwhile
  bool evaluate_target();  ///< false: the run was interrupted before it had said anything
  bool validate();         ///< the same
  void visit_state(const StateVisitor& visit);
  void restore();
  bool is_first() const noexcept { return run_.options.ranks == nullptr || run_.options.ranks->is_first(); }
  void hear(std::span<std::byte> bytes);  ///< the first rank's
  void restore_best();
  void stop_clock();

  const TrainingRun<T>& run_;
  TrainingTrace& trace_;
  RunState of_trainer_;
  std::unique_ptr<Evaluator<T>> of_target_, of_validation_;
  Parameters<T> best_;  ///< weights, of a validation
  bool whole_;
  std::size_t stretch_;  ///< epochs between two readings of the clock
  std::size_t done_ = 0;
  double last_loss_ = 0.0, loss_ = 0.0;         ///< sums over the samples of the last step and of the epoch
  std::size_t last_samples_ = 0, samples_ = 0;  ///< of these
  double evaluation_seconds_ = 0.0;
  Clock::time_point start_;
};

}  // namespace mlpbench
