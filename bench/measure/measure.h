#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "bench/measure/check.h"
#include "bench/measure/journal.h"
#include "bench/measure/schedule.h"

namespace mlpbench {

/// What ends measure() before its time, where it notes what it measured, and the plan of its time. All may be
/// empty.
struct MeasureHooks {
  Schedule* schedule = nullptr;  ///< without parts; the cases are added

  /// Called once, before the checks, when what every case costs is known: more parts may be added. Only with
  /// `schedule`.
  std::function<void(const Comparison&, const std::vector<CaseCost>&)> planned = {};
  const std::atomic<bool>* interrupt = nullptr;
  Journal* journal = nullptr;  ///< what an earlier process noted there is not measured again
};

/// First every case is run completely and checked, which also warms it up. Then the correct ones are timed
/// (time_items()), twice a round, against the base's row. The clock (steady_clock) runs while epochs do,
/// never while data are laid out or progress is told. After an interruption the comparison has what was
/// measured until then, and the cases that were not even checked are ones that cannot run.
Comparison measure(const std::vector<Case>& cases, const MeasureOptions& options, const MeasureHooks& hooks);

}  // namespace mlpbench
