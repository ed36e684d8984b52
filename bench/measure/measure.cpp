#include "bench/measure/measure.h"

#include <chrono>
#include <set>
#include <tuple>

#include "bench/measure/estimate.h"
#include "bench/measure/rounds.h"
#include "support/error.h"

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

/// Finds out what every case and what follows will cost. A case whose settings do not fit will be refused by
/// its check.
void expect_all(const Comparison& comparison, const MeasureHooks& hooks, Schedule& schedule) {
  std::vector<CaseCost> costs(comparison.cases.size());
  for (const std::size_t i : runnable(comparison)) {
    const Case& what = comparison.cases[i].what;
    try {
      costs[i] =
          estimate_cost(comparison.problems.at(what.experiment), what, comparison.options, hooks.interrupt);
      schedule.expect(i, costs[i]);
    } catch (const UserError&) {
    } catch (const WrongResult&) {
    }
  }
  if (hooks.afterwards) schedule.expect_afterwards(hooks.afterwards(comparison, costs));
}

/// As an earlier process planned it, or by the run that was checked.
void plan(CaseResult& row, double seconds, Journal* journal) {
  const std::optional<VisitPlan> noted =
      journal == nullptr ? std::nullopt : journal->plan_of(row.what.name());
  if (noted) {
    row.timed_epochs = noted->epochs, row.timed_trainings = noted->trainings;
    return;
  }
  plan_timed_run(seconds, row);
  if (journal != nullptr) journal->note_plan(row.what.name(), {row.timed_epochs, row.timed_trainings});
}

/// Checks every case that can run here, and plans how the right ones are timed.
void check_all(Comparison& comparison, const MeasureHooks& hooks, Schedule& schedule) {
  const std::atomic<bool>* interrupt = hooks.interrupt;
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
      plan(row, comparison.options.seconds_per_run / 2, hooks.journal);
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
  comparison.resumed = hooks.journal != nullptr && hooks.journal->resumed();
  for (const Case& what : cases) comparison.cases.emplace_back().what = what;
  try {
    comparison.problems = build_problems(cases, hooks.interrupt);
    Schedule schedule(cases.size(), options.rounds, hooks.progress);
    if (hooks.progress) expect_all(comparison, hooks, schedule);
    check_all(comparison, hooks, schedule);
    const std::vector<std::size_t> open = runnable(comparison);
    probe_peaks(comparison, open);
    time_in_rounds(comparison, open, hooks, schedule);
    probe_peaks(comparison, open);
  } catch (const Interrupted&) {
    mark_interrupted(comparison);
  }
  comparison.wall_seconds = seconds_since(start);
  return comparison;
}

}  // namespace mlpbench
