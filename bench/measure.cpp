#include "bench/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <tuple>

#include "bench/estimate.h"
#include "core/data/random_state.h"
#include "core/error.h"

namespace mlpbench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The cases that can run here and are not wrong.
std::vector<std::size_t> runnable(const Comparison& comparison) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < comparison.cases.size(); ++i) {
    const CaseResult& row = comparison.cases[i];
    if (row.what.unusable_reason.empty() && row.wrong.empty()) rows.push_back(i);
  }
  return rows;
}

/// One problem an experiment, and one a member where an ensemble is among its cases.
void build_problems(Comparison& comparison, const std::atomic<bool>* interrupt) {
  for (const CaseResult& row : comparison.cases) {
    Settings settings = row.what.settings();
    const std::size_t wanted = settings.trainer == "ensemble" ? settings.members : 1;
    Problems& problems = comparison.problems[row.what.experiment];
    while (problems.size() < wanted) {
      if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) throw Interrupted();
      settings.seed = row.what.experiment->defaults.seed + static_cast<std::uint32_t>(problems.size());
      problems.push_back(row.what.experiment->build(settings));
    }
  }
}

/// Finds out what every case will cost. One whose settings do not fit will be refused by its check.
void expect_all(const Comparison& comparison, const std::atomic<bool>* interrupt, Schedule& schedule) {
  for (const std::size_t i : runnable(comparison)) {
    const Case& what = comparison.cases[i].what;
    try {
      schedule.expect(
          i, estimate_cost(comparison.problems.at(what.experiment), what, comparison.options, interrupt));
    } catch (const UserError&) {
    } catch (const WrongResult&) {
    }
  }
}

/// Checks every case that can run here, and plans how the right ones are timed.
void check_all(Comparison& comparison, const std::atomic<bool>* interrupt, Schedule& schedule) {
  NaiveRuns naive(interrupt);
  for (const std::size_t i : runnable(comparison)) {
    CaseResult& row = comparison.cases[i];
    schedule.check(i, "checking " + row.what.name(), [&] {
      row = checked(comparison.problems.at(row.what.experiment), Case(row.what), naive, interrupt);
    });
    if (!row.run) schedule.close(i);
  }
  for (const std::size_t i : runnable(comparison)) {
    CaseResult& row = comparison.cases[i];
    Case exact = row.what;
    exact.dtype = DType::float64;
    const CaseResult* reference = naive_row(comparison.cases, exact);
    if (row.parity.with == "NumPy" && reference != nullptr && reference->run) {
      row.wrong = wrong_accuracy(row, *reference->run);
    }
    if (row.wrong.empty()) {
      plan_timed_run(comparison.options.seconds_per_run / 2, row);
    } else {
      schedule.close(i);
    }
  }
}

/// Probes what the rows run on: once before the rounds, once after them.
void probe_peaks(Comparison& comparison, const std::vector<std::size_t>& rows) {
  std::set<std::tuple<Isa, DType, std::size_t>> seen;
  for (const std::size_t i : rows) {
    const Case& what = comparison.cases[i].what;
    const std::tuple key(what.backend->executes(), what.dtype, threads_used(*comparison.cases[i].run));
    if (seen.insert(key).second) std::apply([&](auto... of) { comparison.peaks.probe(of...); }, key);
  }
}

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

/// Drops what the row has of a round beyond its last complete one, and makes one number of each round.
void complete_rounds(CaseResult& row) {
  auto& [first, second] = row.part_seconds;
  const std::size_t rounds = std::min(first.size(), second.size());
  first.resize(rounds), second.resize(rounds);
  row.epoch_seconds.resize(rounds);
  for (std::size_t r = 0; r < rounds; ++r) row.epoch_seconds[r] = (first[r] + second[r]) / 2.0;
}

/// The rounds of measure(): `open` are the rows to time.
void time_in_rounds(Comparison& comparison, std::vector<std::size_t> open, const std::atomic<bool>* interrupt,
                    Schedule& schedule) {
  const MeasureOptions& options = comparison.options;
  const Clock::time_point start = Clock::now();
  RandomState shuffler(options.order_seed);
  std::size_t round = 0;
  bool within_budget = true;
  for (; round < options.rounds && !open.empty() && within_budget; ++round) {
    std::vector<std::size_t> visits;  // row * 2 + part
    for (const std::size_t i : open) visits.insert(visits.end(), {2 * i, 2 * i + 1});
    shuffler.shuffle(visits);
    for (const std::size_t visit : visits) {
      CaseResult& row = comparison.cases[visit / 2];
      schedule.visit(visit / 2, fmt::format("round {} of {}", round + 1, options.rounds), [&] {
        row.part_seconds[visit % 2].push_back(
            timed_run(comparison.problems.at(row.what.experiment), row, interrupt));
      });
    }
    for (const std::size_t i : open) complete_rounds(comparison.cases[i]);
    for (const std::size_t i : close_precise(comparison, open)) schedule.close(i);
    within_budget = options.budget_seconds <= 0.0 || seconds_since(start) < options.budget_seconds;
  }
  for (const std::size_t i : open) {
    comparison.cases[i].stop = within_budget ? Stop::rounds : Stop::budget;
  }
}

/// After an interruption: what was measured stays, what was not even checked could not run.
void mark_interrupted(Comparison& comparison) {
  comparison.interrupted = true;
  for (CaseResult& row : comparison.cases) {
    complete_rounds(row);
    if (!row.what.unusable_reason.empty() || !row.wrong.empty() || row.stop != Stop::none) continue;
    row.stop = Stop::interrupted;
    if (!row.run) row.what.unusable_reason = "the run was interrupted before it";
  }
}

}  // namespace

void plan_timed_run(double seconds, CaseResult& result) {
  const std::size_t epochs = result.run->settings.epochs;
  const double epoch = train_seconds(*result.run) / static_cast<double>(epochs);
  const VisitPlan plan = plan_visit(seconds, epoch, epochs);
  result.timed_epochs = plan.epochs, result.timed_trainings = plan.trainings;
}

double timed_run(const Problems& problems, const CaseResult& result, const std::atomic<bool>* interrupt) {
  Settings settings = result.what.settings();
  settings.epochs = result.timed_epochs;
  double seconds = 0.0;
  for (std::size_t i = 0; i < result.timed_trainings; ++i) {
    seconds += train_seconds(train_case(problems, result.what, settings, interrupt));
  }
  const std::size_t epochs = settings.epochs + problems.front().epochs_before_first;
  return seconds / static_cast<double>(result.timed_trainings * epochs);
}

Comparison measure(const std::vector<Case>& cases, const MeasureOptions& options, const MeasureHooks& hooks) {
  const Clock::time_point start = Clock::now();
  Comparison comparison;
  comparison.options = options;
  for (const Case& what : cases) comparison.cases.emplace_back().what = what;
  try {
    build_problems(comparison, hooks.interrupt);
    Schedule schedule(cases.size(), options.rounds, hooks.progress);
    if (hooks.progress) expect_all(comparison, hooks.interrupt, schedule);
    check_all(comparison, hooks.interrupt, schedule);
    const std::vector<std::size_t> open = runnable(comparison);
    probe_peaks(comparison, open);
    time_in_rounds(comparison, open, hooks.interrupt, schedule);
    probe_peaks(comparison, open);
  } catch (const Interrupted&) {
    mark_interrupted(comparison);
  }
  comparison.wall_seconds = seconds_since(start);
  return comparison;
}

}  // namespace mlpbench
