#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/cases.h"
#include "bench/spread.h"
#include "bench/stats/paired.h"

namespace mlpbench {

struct MeasureOptions {
  std::size_t rounds = 20;      ///< at most
  double budget_seconds = 0.0;  ///< no round begins after so many seconds of rounds; 0: no limit
  double precision = 0.05;      ///< a case is done when its interval is this narrow: median +- 5 %
  double confidence = 0.95;     ///< of all speeds of a run together
  double seconds_per_run =
      0.05;  ///< of a case in a round, in two parts of as many epochs as fit, one at least
  std::uint32_t order_seed = 1;  ///< of the random order of the cases within a round
};

/// Why a case was not timed any further.
enum class Stop { none, precise, rounds, budget };
std::string_view to_string(Stop stop) noexcept;

struct CaseResult {
  Case what;
  std::optional<RunResult>
      run;  ///< the whole experiment, as its program runs it; empty for an unusable backend
  std::optional<Deviation> deviation;
  std::string wrong;  ///< why the result is not right, or empty; a wrong case is not timed

  std::size_t timed_epochs = 0;     ///< of each timed training, at most the experiment's own number
  std::size_t timed_trainings = 0;  ///< one after the other in each part, where a single one is too short

  /// Seconds an epoch in both parts of each round. The same code at two moments: their ratio is the noise.
  std::array<std::vector<double>, 2> part_seconds;
  std::vector<double> epoch_seconds;  ///< one a round, the mean of its parts; the first rounds of the run
  Stop stop = Stop::none;

  bool timed() const { return !epoch_seconds.empty(); }
};

/// Everything that one `mlpbench run` found.
struct Comparison {
  MeasureOptions options;
  std::vector<Problem> problems;  ///< one an experiment that was selected, in the order of the cases
  std::vector<CaseResult> cases;
  double wall_seconds = 0.0;

  const Problem& problem_of(const CaseResult& result) const;

  /// The naive backend's row of the same experiment and precision, or null when it has no times.
  const CaseResult* base_of(const CaseResult& result) const;

  /// How many times faster than base_of(), by the rounds that both were timed in, with confidence_of_one().
  /// Empty for the base itself and where there is none.
  std::optional<PairedRatio> speed_of(const CaseResult& result) const;

  /// How many speeds there are.
  std::size_t comparisons() const;

  /// The confidence of each speed's interval, so that all together hold with MeasureOptions::confidence.
  double confidence_of_one() const { return confidence_of_each(options.confidence, comparisons()); }

  /// The interval of the median epoch, for the confidence of this row alone. Empty when the rounds are too
  /// few.
  std::optional<Interval> epoch_interval_of(const CaseResult& result) const;

  /// The smallest effect that this row's times can tell from nothing: noise_floor() of the two parts.
  double noise_of(const CaseResult& result) const;

  std::size_t wrong_cases() const;
};

/// Runs the whole case, as its program does, and compares every number with NumPy's; `wrong` says what is not
/// right.
CaseResult checked(const Problem& problem, const Case& what);

/// Chooses timed_epochs and timed_trainings that fill about `seconds`, judged by the run that was checked.
void plan_timed_run(double seconds, CaseResult& result);

/// Trains as planned and returns the seconds of one epoch, by the trainer's clock.
double timed_run(const Problem& problem, const CaseResult& result);

struct Progress {
  std::size_t done, all;  ///< runs
  double seconds_left;    ///< estimated from what the same runs took before; 0 when nothing is known yet
  std::string what;       ///< "checking breast_cancer/avx2/float64", "round 3 of 15"
};

/// First every case is run whole and compared with NumPy's values, which also warms it up; then rounds time
/// every right case twice, in an order drawn anew for each round. All cases of a round see the same minute of
/// the machine, so the quotient of two of its times is less noisy than either. A case stops when its speed
/// against its base, or without a base its time, is known to MeasureOptions::precision, at the latest when
/// the rounds or the budget end; a base is timed as long as a case against it is. The clock (steady_clock)
/// runs while epochs do, never while data are laid out or `progress` is told.
Comparison measure(const std::vector<Case>& cases, const MeasureOptions& options,
                   const std::function<void(const Progress&)>& progress);

}  // namespace mlpbench
