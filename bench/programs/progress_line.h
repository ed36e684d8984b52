#pragma once

#include <chrono>

#include "bench/measure/schedule.h"

namespace mlpbench {

/// What a run does now, on stderr: on a terminal one line that overwrites itself, at most ten times a second,
/// elsewhere a line for each tenth of the time. Never while a clock runs: it is told between trainings.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);

  /// Another part of the run begins: it has a line of its own, on a terminal as well as elsewhere.
  void begin_part() { last_tenth_ = -1, last_drawn_ = {}; }

 private:
  using Clock = std::chrono::steady_clock;

  bool quiet_, erases_, drawn_ = false;
  int last_tenth_ = -1;
  Clock::time_point last_drawn_{};
};

}  // namespace mlpbench
