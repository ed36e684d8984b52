#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "bench/measure/schedule.h"
#include "bench/studies/estimate.h"

namespace mlpbench {

/// How long the studies of a run still take: those to come as long as they are expected to, the one under way
/// the rest of that, or a tenth of what it has taken where that is longer.
class StudyClock {
 public:
  /// Nothing is expected: no estimate is shown.
  StudyClock() = default;

  /// In the order in which they are made.
  explicit StudyClock(std::vector<StudyCost> costs) : costs_(std::move(costs)) {}

  /// The studies before `name` are over.
  void begin(const std::string& name);

  /// `before`: seconds of the run before the first study.
  Progress progress(const std::string& what, double before) const;

  double seconds_left() const;

 private:
  using Clock = std::chrono::steady_clock;

  double under_way() const;

  std::vector<StudyCost> costs_;
  bool begun_ = false;
  Clock::time_point first_ = Clock::now(), start_ = first_;
};

}  // namespace mlpbench
