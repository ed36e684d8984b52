#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mlpbench {

struct Progress {
  double share = 0.0;         ///< of the whole time that is over
  double seconds_left = 0.0;  ///< at most: a case may be precise enough before its last round
  std::string what;           ///< "checking breast_cancer/avx2/float64", "round 3 of 20"
};

/// What a case takes, in seconds by the wall: its check, and each of the two visits of a round.
struct CaseCost {
  double check = 0.0, visit = 0.0;
};

/// Knows how long a measurement still takes: the sum of what each case is known, or at first expected, to
/// cost, so that a slow case weighs what it weighs.
class Schedule {
 public:
  /// Nothing is expected of any case yet.
  Schedule(std::size_t cases, std::size_t rounds, std::function<void(const Progress&)> tell);

  /// The check and all visits of a case are still to come.
  void expect(std::size_t i, CaseCost cost);

  /// So many seconds of other work will follow the last visit.
  void expect_afterwards(double seconds) { afterwards_ = seconds; }

  /// Tells, then calls `work`, and learns what it costs.
  void check(std::size_t i, const std::string& what, const std::function<void()>& work);
  void visit(std::size_t i, const std::string& what, const std::function<void()>& work);

  /// One visit of the case is not needed any more, or none is.
  void skip_visit(std::size_t i);
  void close(std::size_t i) { entries_[i].visits_left = 0; }

  double seconds_left() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    CaseCost expected;
    bool check_left = false;
    std::size_t visits_left = 0, visits = 0;
    double visit_seconds = 0.0;  ///< of all `visits`

    double visit_cost() const {
      return visits == 0 ? expected.visit : visit_seconds / static_cast<double>(visits);
    }
  };

  void tell(const std::string& what) const;

  std::vector<Entry> entries_;
  std::size_t visits_;
  double afterwards_ = 0.0;
  std::function<void(const Progress&)> tell_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace mlpbench
