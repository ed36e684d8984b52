#include "bench/measure/rounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "bench/measure/journal.h"
#include "core/data/random_state.h"

namespace mlpbench {
namespace {

using Clock = std::chrono::steady_clock;

bool is_precise(const std::optional<Interval>& interval, double precision) {
  return interval && std::sqrt(interval->high / interval->low) <= 1.0 + precision;
}

/// Marks the rows of `open` that need no further round, takes them out of it, and returns them.
std::vector<std::size_t> close_precise(Comparison& comparison, std::vector<std::size_t>& open) {
  const double precision = comparison.options.precision, confidence = comparison.confidence_of_one();
  for (const std::size_t i : open) {
    CaseResult& row = comparison.cases[i];
    const CaseResult* base = comparison.base_of(row);
    if (base == &row) continue;
    const std::optional<PairedRatio> speed = comparison.speed_of(row, confidence);
    if (is_precise(speed ? speed->interval : comparison.epoch_interval_of(row), precision)) {
      row.stop = Stop::precise;
    }
  }
  // A base has no precision of its own to reach: it is done with the last row against it.
  for (const std::size_t i : open) {
    CaseResult& base = comparison.cases[i];
    if (comparison.base_of(base) != &base) continue;
    const bool needed = std::any_of(open.begin(), open.end(), [&](std::size_t other) {
      const CaseResult& row = comparison.cases[other];
      return other != i && comparison.base_of(row) == &base && row.stop == Stop::none;
    });
    const bool alone = std::none_of(comparison.cases.begin(), comparison.cases.end(), [&](const auto& row) {
      return &row != &base && row.timed() && comparison.base_of(row) == &base;
    });
    const bool precise = !alone || is_precise(comparison.epoch_interval_of(base), precision);
    if (!needed && precise) base.stop = Stop::precise;
  }
  const auto closed = std::stable_partition(
      open.begin(), open.end(), [&](std::size_t i) { return comparison.cases[i].stop == Stop::none; });
  const std::vector<std::size_t> rows(closed, open.end());
  open.erase(closed, open.end());
  return rows;
}

/// The seconds that the rounds have taken, those of earlier processes included.
class RoundClock {
 public:
  explicit RoundClock(const Journal* journal)
      : before_(journal == nullptr ? 0.0 : journal->seconds_spent()), now_(0.0) {}

  /// A round of an earlier process was done then.
  void replay(double at) { now_ = at; }
  void measure() { now_ = before_ + std::chrono::duration<double>(Clock::now() - start_).count(); }
  double seconds() const noexcept { return now_; }

 private:
  double before_, now_;
  Clock::time_point start_ = Clock::now();
};

/// Both parts of a round of one row.
class Visits {
 public:
  Visits(Comparison& comparison, const MeasureHooks& hooks, Schedule& schedule)
      : comparison_(comparison), hooks_(hooks), schedule_(schedule), clock_(hooks.journal) {}

  /// One part, which is timed now or was by an earlier process.
  void make(std::size_t i, std::size_t part, std::size_t round) {
    CaseResult& row = comparison_.cases[i];
    std::vector<double>& seconds = row.part_seconds[part];
    const Journal* journal = hooks_.journal;
    const Journal::Round* noted = journal == nullptr ? nullptr : journal->round_of(row.what.name(), round);
    if (noted != nullptr) {
      seconds.push_back(noted->seconds[part]);
      schedule_.skip_visit(i);
      clock_.replay(noted->at);
      return;
    }
    schedule_.visit(i, fmt::format("round {} of {}", round + 1, comparison_.options.rounds), [&] {
      seconds.push_back(timed_run(comparison_.problems.at(row.what.experiment), row, hooks_.interrupt));
    });
    clock_.measure();
    const auto& [first, second] = row.part_seconds;
    if (journal != nullptr && first.size() == second.size()) {
      hooks_.journal->note_round(row.what.name(), round, {{first.back(), second.back()}, clock_.seconds()});
    }
  }

  double seconds() const noexcept { return clock_.seconds(); }

 private:
  Comparison& comparison_;
  const MeasureHooks& hooks_;
  Schedule& schedule_;
  RoundClock clock_;
};

}  // namespace

void complete_rounds(CaseResult& row) {
  auto& [first, second] = row.part_seconds;
  const std::size_t rounds = std::min(first.size(), second.size());
  first.resize(rounds), second.resize(rounds);
  row.epoch_seconds.resize(rounds);
  for (std::size_t r = 0; r < rounds; ++r) row.epoch_seconds[r] = (first[r] + second[r]) / 2.0;
}

void time_in_rounds(Comparison& comparison, std::vector<std::size_t> open, const MeasureHooks& hooks,
                    Schedule& schedule) {
  const MeasureOptions& options = comparison.options;
  RandomState shuffler(options.order_seed);
  Visits visits(comparison, hooks, schedule);
  bool within_budget = true;
  for (std::size_t round = 0; round < options.rounds && !open.empty() && within_budget; ++round) {
    std::vector<std::size_t> order;  // row * 2 + part
    for (const std::size_t i : open) order.insert(order.end(), {2 * i, 2 * i + 1});
    shuffler.shuffle(order);
    for (const std::size_t visit : order) visits.make(visit / 2, visit % 2, round);
    for (const std::size_t i : open) complete_rounds(comparison.cases[i]);
    for (const std::size_t i : close_precise(comparison, open)) schedule.close(i);
    within_budget = options.budget_seconds <= 0.0 || visits.seconds() < options.budget_seconds;
  }
  for (const std::size_t i : open) {
    comparison.cases[i].stop = within_budget ? Stop::rounds : Stop::budget;
  }
}

}  // namespace mlpbench
