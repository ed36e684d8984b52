#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "bench/measure/check.h"
#include "bench/measure/journal.h"
#include "bench/measure/schedule.h"

namespace mlpbench {

/// Chooses timed_epochs and timed_trainings that fill about `seconds`, judged by the run that was checked.
void plan_timed_run(double seconds, CaseResult& result);

/// Trains as planned and returns the seconds of one epoch, by the trainer's clock; of an ensemble, of all
/// members' epoch by the wall. Throws Interrupted.
double timed_run(const Problems& problems, const CaseResult& result,
                 const std::atomic<bool>* interrupt = nullptr);

/// What measure() tells, what ends it before its time, and where it notes what it measured. All may be empty.
struct MeasureHooks {
  std::function<void(const Progress&)> progress = {};

  /// Seconds of what the caller will do afterwards, which belong to the time left: asked once, before the
  /// checks, when what every case costs is known. Only with `progress`.
  std::function<double(const Comparison&, const std::vector<CaseCost>&)> afterwards = {};
  const std::atomic<bool>* interrupt = nullptr;
  Journal* journal = nullptr;  ///< what an earlier process noted there is not measured again
};

/// First every case is run whole and checked, which also warms it up; then rounds time every right case
/// twice, in an order drawn anew for each round. All cases of a round see the same minute of the machine, so
/// the quotient of two of its times is less noisy than either. A case stops when its speed against its base,
/// or without a base its time, is known to MeasureOptions::precision, at the latest when the rounds or the
/// budget end; a base is timed as long as a case against it is. The clock (steady_clock) runs while epochs
/// do, never while data are laid out or progress is told. After an interruption the comparison has what was
/// measured until then, and the cases that were not even checked are ones that cannot run.
Comparison measure(const std::vector<Case>& cases, const MeasureOptions& options, const MeasureHooks& hooks);

}  // namespace mlpbench
