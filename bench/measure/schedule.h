#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "support/clock.h"

namespace mlpbench {

struct Progress {
  double share = 0.0;         ///< of the whole time that is over
  double seconds_left = 0.0;  ///< at most: an item may reach the precision before its last round
  std::string what;           ///< "checking breast_cancer/avx2/float64", "round 3 of 20"
};

/// What a case takes, in seconds by the wall: its check, and each of the two visits of a round.
struct CaseCost {
  double check = 0.0, visit = 0.0;
};

/// The plan of a run's time: parts, each a piece of work and then visits. Each weighs what it is expected to
/// cost, and its visits what they are known to.
class Schedule {
 public:
  explicit Schedule(std::function<void(const Progress&)> tell = {}) : tell_(std::move(tell)) {}

  /// One more part, which begins after those before it: `once` seconds, and `visits` of `visit` seconds each.
  void add(double once, double visit = 0.0, std::size_t visits = 0);

  /// The part that was under way is over but for its visits, and part `i` begins.
  void begin(std::size_t i);
  void end();

  /// A visit was made, is not needed any more, or none is.
  void visited(std::size_t i, double seconds);
  void skip_visit(std::size_t i);
  void close(std::size_t i);

  std::size_t parts() const noexcept { return parts_.size(); }

  /// Of the part under way the rest, or a tenth of what it has taken where that is longer.
  double seconds_left() const;
  Progress progress(const std::string& what) const;

  void tell(const std::string& what) const {
    if (tell_) tell_(progress(what));
  }

 private:
  struct Part {
    double once = 0.0, expected_visit = 0.0;
    std::size_t visits_left = 0, visits = 0;
    double visit_seconds = 0.0;  ///< of all `visits`
  };

  std::vector<Part> parts_;
  std::optional<std::size_t> under_way_;
  std::function<void(const Progress&)> tell_;
  Clock::time_point start_ = Clock::now(), began_ = start_;
};

}  // namespace mlpbench
