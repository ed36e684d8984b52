// The measuring engine. Everything that is timed is timed here, in rounds, in random order, until its
// interval is narrow enough.
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "bench/measure/check.h"
#include "bench/measure/journal.h"

namespace mlpbench {

/// Something to measure.
struct Item {
  std::string name;  ///< the journal's key, unique in a run

  /// Why its result is wrong, or empty; called before anything is timed. May be empty. An item beside its
  /// base is checked with it.
  std::function<std::string()> check = {};

  /// Makes so many calls in round `round`. Returns the seconds of one call, then all else of the round that
  /// is to be kept. Nothing: the item cannot go on, and its result's `wrong`, which is now set, says why; it
  /// loses its rounds.
  std::function<std::vector<double>(std::size_t calls, std::size_t round)> time = {};

  double seconds = 0.0;                       ///< that a visit takes, about; 0: a visit is one call
  std::function<double()> call_seconds = {};  ///< known from the check; empty: found by doubling the calls
  std::size_t max_calls = std::numeric_limits<std::size_t>::max();  ///< at once; a visit repeats them
  std::size_t visits = 1;                                           ///< in each round, at most 2
  std::optional<std::size_t> base = {};  ///< index of the item that this one is a ratio of
  std::string round = "round";           ///< what one is called: "moons, seed"
  bool beside_base = false;              ///< visited right before or after those of the same base
  std::optional<Probe> probe = {};       ///< made right before and after each visit
  Measurement* result = nullptr;         ///< filled; begins empty
};

/// All may be empty.
struct EngineHooks {
  /// Called with what comes next, before each check and visit, never while a clock runs. May throw
  /// Interrupted.
  std::function<void(const std::string&)> next = {};
  Journal* journal = nullptr;          ///< what an earlier process noted there is not measured again
  Schedule* schedule = nullptr;        ///< its first parts are the items
  const Ceilings* ceilings = nullptr;  ///< keeps the readings of the probes
};

void check_items(const std::vector<Item>& items, const EngineHooks& hooks);

/// Times the items that are not wrong in at most options.rounds rounds, in an order drawn anew for each. All
/// of a round see the same minute of the machine, so the quotient of two of its times is less noisy than
/// either. An item is done when its ratio to its base, or without a base its time, has reached
/// options.precision (0: never). options.confidence is that of all ratios together. A base is done when the
/// last item against it is. No round begins after options.budget_seconds of rounds, those of earlier
/// processes included. After an exception the results have the rounds that were complete.
void time_items(const std::vector<Item>& items, const MeasureOptions& options, const EngineHooks& hooks);

}  // namespace mlpbench
