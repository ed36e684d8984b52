#include "bench/measure/measure.h"

#include <set>
#include <tuple>

#include "bench/measure/engine.h"
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
    item.result = &row;
    item.check = [&, interrupt] {
      row = checked(problems, Case(row.what), naive, interrupt);
      return row.run || !row.wrong.empty() ? row.wrong : row.what.unusable_reason;
    };
    item.time = [&, interrupt](std::size_t epochs, std::size_t) -> std::vector<double> {
      try {
        return {epoch_seconds(problems, row.what, epochs, interrupt)};
      } catch (const UserError& error) {  // of a peer that died or hangs
        row.what.unusable_reason = row.wrong = error.what();
        return {};
      }
    };
    item.seconds = comparison.options.seconds_per_run / 2;
    item.call_seconds = [&row] { return checked_epoch_seconds(*row.run); };
    item.max_calls = row.what.settings().epochs;
    item.visits = 2;
    const std::string& named = comparison.options.base;
    const CaseResult* base = row_of(comparison.cases, row.what, named.empty() ? "openblas" : named);
    for (std::size_t other = 0; other < rows.size(); ++other) {
      if (&comparison.cases[rows[other]] == base && base != &row) item.base = other;
    }
  }
  return items;
}

/// Holds the accuracy of what was compared with NumPy's numbers against that of naive in float64.
void check_accuracies(Comparison& comparison) {
  for (CaseResult& row : comparison.cases) {
    if (!row.wrong.empty() || row.parity.with != "NumPy") continue;
    Case exact = row.what;
    exact.dtype = DType::float64;
    const CaseResult* reference = row_of(comparison.cases, exact, "naive");
    if (reference != nullptr && reference->run) row.wrong = wrong_accuracy(row, *reference->run);
  }
}

/// Probes what the rows run on: once before the rounds, once after them.
void probe_peaks(Comparison& comparison) {
  std::set<std::tuple<Isa, DType, std::size_t>> seen;
  for (const CaseResult& row : comparison.cases) {
    if (!row.run || !row.wrong.empty()) continue;
    const std::tuple key(row.what.backend->isa(), row.what.dtype, threads_used(*row.run));
    if (seen.insert(key).second) std::apply([&](auto... of) { comparison.peaks.probe(of...); }, key);
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
  EngineHooks engine{.journal = hooks.journal, .schedule = hooks.schedule};
  if (hooks.schedule != nullptr) engine.next = [&](const std::string& what) { hooks.schedule->tell(what); };
  try {
    comparison.problems = build_problems(cases, hooks.interrupt);
    if (hooks.schedule != nullptr) expect_all(comparison, rows, hooks);
    NaiveRuns naive(hooks.interrupt);
    const std::vector<Item> items = items_of(comparison, rows, naive, hooks.interrupt);
    check_items(items, engine);
    check_accuracies(comparison);
    probe_peaks(comparison);
    time_items(items, options, engine);
    probe_peaks(comparison);
  } catch (const Interrupted&) {
    comparison.interrupted = true;
  }
  for (CaseResult& row : comparison.cases) {
    if (row.what.unusable_reason.empty()) continue;
    row.wrong.clear();  // the engine was to leave it out
    row.run.reset();
  }
  if (comparison.interrupted) mark_interrupted(comparison);
  comparison.wall_seconds = seconds_since(start);
  return comparison;
}

}  // namespace mlpbench
