#pragma once

#include <chrono>
#include <string>

#include "bench/schedule.h"

namespace mlpbench {

/// What a run does now, on stderr: on a terminal one line that overwrites itself, at most ten times a second,
/// elsewhere a line for each tenth of the time. Never while a clock runs: it is told between trainings.
class ProgressLine {
 public:
  /// `after` is what follows the part that has an estimate: ", then the studies".
  explicit ProgressLine(bool quiet, std::string after = "");
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);

  /// A step without an estimate, "roofline, round 2 of 9": as often on a terminal, elsewhere a line for each
  /// new beginning up to the comma.
  void show(const std::string& what);

 private:
  using Clock = std::chrono::steady_clock;

  void draw(const std::string& line);

  bool quiet_, erases_, drawn_ = false;
  std::string after_;
  int last_tenth_ = -1;
  std::string last_beginning_;
  Clock::time_point last_drawn_{};
};

}  // namespace mlpbench
