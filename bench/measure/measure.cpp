#include "bench/measure/measure.h"

#include <set>
#include <tuple>

#include "bench/measure/engine.h"
#include "bench/measure/estimate.h"
#include "support/error.h"

namespace mlpbench {
namespace {

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
void expect_all(const Comparison& comparison, const std::vector<std::size_t>& rows,
                const MeasureHooks& hooks) {
  std::vector<CaseCost> costs(comparison.cases.size());
  for (const std::size_t i : rows) {
    const Case& what = comparison.cases[i].what;
    try {
      costs[i] =
          estimate_cost(comparison.problems.at(what.experiment), what, comparison.options, hooks.interrupt);
    } catch (const UserError&) {
    } catch (const WrongResult&) {
    }
    hooks.schedule->add(costs[i].check, costs[i].visit, 2 * comparison.options.rounds);
  }
  if (hooks.planned) hooks.planned(comparison, costs);
}

/// The cases `rows` for the engine, which checks and times them where they are.
std::vector<Item> items_of(Comparison& comparison, const std::vector<std::size_t>& rows, NaiveRuns& naive,
                           const std::atomic<bool>* interrupt) {
  std::vector<Item> items;
  for (const std::size_t i : rows) {
    CaseResult& row = comparison.cases[i];
    const Problems& problems = comparison.problems.at(row.what.experiment);
    Item& item = items.emplace_back();
    item.name = row.what.name();
    item.check = [&, interrupt] {
      row = checked(problems, Case(row.what), naive, interrupt);
      return row.run ? row.wrong : row.what.unusable_reason;
    };
    item.time = [&, interrupt](std::size_t epochs, std::size_t) {
      return std::vector{epoch_seconds(problems, row.what, epochs, interrupt)};
    };
    item.seconds = comparison.options.seconds_per_run / 2;
    item.call_seconds = [&row] { return checked_epoch_seconds(*row.run); };
    item.max_calls = row.what.settings().epochs;
    item.visits = 2;
    const CaseResult* base = naive_row(comparison.cases, row.what);
    for (std::size_t other = 0; other < rows.size(); ++other) {
      if (&comparison.cases[rows[other]] == base && base != &row) item.base = other;
    }
  }
  return items;
}

/// Holds the accuracy of what was compared with NumPy's numbers against that of naive in float64.
void check_accuracies(Comparison& comparison, const std::vector<std::size_t>& rows,
                      std::vector<Measurement>& all) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CaseResult& row = comparison.cases[rows[i]];
    if (!all[i].wrong.empty() || row.parity.with != "NumPy") continue;
    Case exact = row.what;
    exact.dtype = DType::float64;
    const CaseResult* reference = naive_row(comparison.cases, exact);
    if (reference != nullptr && reference->run)
      all[i].wrong = row.wrong = wrong_accuracy(row, *reference->run);
  }
}

/// Probes what the rows run on: once before the rounds, once after them.
void probe_peaks(Comparison& comparison, const std::vector<std::size_t>& rows) {
  std::set<std::tuple<Isa, DType, std::size_t>> seen;
  for (const std::size_t i : rows) {
    if (!comparison.cases[i].run || !comparison.cases[i].wrong.empty()) continue;
    const Case& what = comparison.cases[i].what;
    const std::tuple key(what.backend->isa(), what.dtype, threads_used(*comparison.cases[i].run));
    if (seen.insert(key).second) std::apply([&](auto... of) { comparison.peaks.probe(of...); }, key);
  }
}

/// What the engine found belongs to the rows.
void adopt(const std::vector<std::size_t>& rows, std::vector<Measurement>& all, Comparison& comparison) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CaseResult& row = comparison.cases[rows[i]];
    if (!row.run || !row.wrong.empty()) continue;
    row.timed_epochs = all[i].plan.epochs, row.timed_trainings = all[i].plan.trainings;
    row.part_seconds = {std::move(all[i].visits[0]), std::move(all[i].visits[1])};
    row.epoch_seconds = std::move(all[i].seconds);
    row.stop = all[i].stop;
  }
}

/// After an interruption: what was measured stays, what was not even checked could not run.
void mark_interrupted(Comparison& comparison) {
  for (CaseResult& row : comparison.cases) {
    if (!row.what.unusable_reason.empty() || !row.wrong.empty() || row.stop != Stop::none) continue;
    row.stop = Stop::interrupted;
    if (!row.run) row.what.unusable_reason = "the run was interrupted before it";
  }
}

}  // namespace

Comparison measure(const std::vector<Case>& cases, const MeasureOptions& options, const MeasureHooks& hooks) {
  const Clock::time_point start = Clock::now();
  Comparison comparison;
  comparison.options = options;
  comparison.resumed = hooks.journal != nullptr && hooks.journal->resumed();
  for (const Case& what : cases) comparison.cases.emplace_back().what = what;
  const std::vector<std::size_t> rows = runnable(comparison);
  std::vector<Measurement> series(rows.size());
  EngineHooks engine{.journal = hooks.journal, .schedule = hooks.schedule};
  if (hooks.schedule != nullptr) engine.next = [&](const std::string& what) { hooks.schedule->tell(what); };
  try {
    comparison.problems = build_problems(cases, hooks.interrupt);
    if (hooks.schedule != nullptr) expect_all(comparison, rows, hooks);
    NaiveRuns naive(hooks.interrupt);
    const std::vector<Item> items = items_of(comparison, rows, naive, hooks.interrupt);
    check_items(items, series, engine);
    check_accuracies(comparison, rows, series);
    probe_peaks(comparison, rows);
    time_items(items, series, options, engine);
    probe_peaks(comparison, rows);
  } catch (const Interrupted&) {
    comparison.interrupted = true;
  }
  adopt(rows, series, comparison);
  if (comparison.interrupted) mark_interrupted(comparison);
  comparison.wall_seconds = seconds_since(start);
  return comparison;
}

}  // namespace mlpbench
