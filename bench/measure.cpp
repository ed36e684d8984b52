#include "bench/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "core/data/random_state.h"
#include "core/error.h"

namespace mlpbench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One sample more or less is allowed in float32: an output next to the threshold.
std::string wrong_accuracy(const CaseResult& result, const CaseResult* reference) {
  if (reference == nullptr || !reference->run || !result.run->test_accuracy) return "";
  const double samples = static_cast<double>(result.run->test_output.cols());
  const double moved = std::abs(*result.run->test_accuracy - *reference->run->test_accuracy) * samples;
  const double allowed = result.what.dtype == DType::float32 ? 1.5 : 0.5;
  if (moved < allowed) return "";
  return fmt::format("accuracy {:.4f}, naive in float64 has {:.4f}", *result.run->test_accuracy,
                     *reference->run->test_accuracy);
}

/// Tells how far the work is, from what each run is known or assumed to cost.
class Schedule {
 public:
  Schedule(const MeasureOptions& options, const std::function<void(const Progress&)>& tell, std::size_t cases)
      : options_(options), tell_(tell), checks_left_(cases), all_(cases * (2 * options.rounds + 1)) {}

  /// So many visits that were planned will not be made.
  void skip(std::size_t visits) { all_ -= visits; }

  void before(std::string what) {
    const double rounds_left =
        static_cast<double>(all_ - done_ - checks_left_) * mean(timed_seconds_, timed_);
    const double left = static_cast<double>(checks_left_) * mean(check_seconds_, checks_) + rounds_left;
    if (tell_) tell_({done_, all_, left, std::move(what)});
    start_ = Clock::now();
  }
  void after_check() {
    check_seconds_ += seconds_since(start_);
    ++checks_, ++done_, --checks_left_;
  }
  void after_timed() {
    timed_seconds_ += seconds_since(start_);
    ++timed_, ++done_;
  }

 private:
  double mean(double sum, std::size_t count) const {
    return count == 0 ? options_.seconds_per_run / 2 : sum / static_cast<double>(count);
  }

  const MeasureOptions& options_;
  const std::function<void(const Progress&)>& tell_;
  std::size_t checks_left_, all_, done_ = 0, checks_ = 0, timed_ = 0;
  double check_seconds_ = 0.0, timed_seconds_ = 0.0;
  Clock::time_point start_ = Clock::now();
};

/// The row of the naive backend with the same experiment, in precision `dtype`.
const CaseResult* naive_row(const std::vector<CaseResult>& cases, const Experiment* experiment, DType dtype) {
  for (const CaseResult& row : cases) {
    if (row.what.experiment == experiment && row.what.dtype == dtype && row.what.backend->name == "naive") {
      return &row;
    }
  }
  return nullptr;
}

bool is_precise(const std::optional<Interval>& interval, double precision) {
  return interval && std::sqrt(interval->high / interval->low) <= 1.0 + precision;
}

/// Marks the rows of `open` that need no further round, and takes them out of it.
void close_precise(Comparison& comparison, std::vector<std::size_t>& open) {
  const double precision = comparison.options.precision;
  for (const std::size_t i : open) {
    CaseResult& row = comparison.cases[i];
    const CaseResult* base = comparison.base_of(row);
    if (base == &row) continue;
    const std::optional<PairedRatio> speed = comparison.speed_of(row);
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
  std::erase_if(open, [&](std::size_t i) { return comparison.cases[i].stop != Stop::none; });
}

/// The rounds of measure(): `open` are the rows to time.
void time_in_rounds(Comparison& comparison, std::vector<std::size_t> open, Schedule& schedule) {
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
      schedule.before(fmt::format("round {}", round + 1));
      row.part_seconds[visit % 2].push_back(timed_run(comparison.problem_of(row), row));
      schedule.after_timed();
    }
    for (const std::size_t i : open) {
      CaseResult& row = comparison.cases[i];
      row.epoch_seconds.push_back((row.part_seconds[0].back() + row.part_seconds[1].back()) / 2.0);
    }
    const std::size_t before = open.size();
    close_precise(comparison, open);
    schedule.skip(2 * (before - open.size()) * (options.rounds - round - 1));
    within_budget = options.budget_seconds <= 0.0 || seconds_since(start) < options.budget_seconds;
  }
  for (const std::size_t i : open) {
    comparison.cases[i].stop = within_budget ? Stop::rounds : Stop::budget;
  }
}

}  // namespace

std::string_view to_string(Stop stop) noexcept {
  switch (stop) {
    case Stop::precise:
      return "precise enough";
    case Stop::rounds:
      return "all rounds done";
    case Stop::budget:
      return "budget spent";
    case Stop::none:
      break;
  }
  return "not timed";
}

CaseResult checked(const Problem& problem, const Case& what) {
  CaseResult result;
  result.what = what;
  const Experiment& experiment = *what.experiment;
  try {
    result.run =
        run_experiment(experiment, problem, experiment.defaults, *result.what.backend, result.what.dtype);
    result.deviation = deviation_from_reference(experiment, *result.run);
  } catch (const WrongResult& error) {
    result.wrong = error.what();
    return result;
  }
  const double tolerance = reference_tolerance(result.what.dtype);
  if (!(result.deviation->largest <= tolerance)) {
    result.wrong = fmt::format("{} is {:.1e} from NumPy's, more than {:.0e}", result.deviation->where,
                               result.deviation->largest, tolerance);
  }
  return result;
}

void plan_timed_run(double seconds, CaseResult& result) {
  const double epochs = static_cast<double>(result.run->settings.epochs);
  const double wanted = seconds / (result.run->trace.seconds / epochs);
  result.timed_epochs = static_cast<std::size_t>(std::clamp(wanted, 1.0, epochs));
  result.timed_trainings = static_cast<std::size_t>(std::max(1.0, wanted / epochs));
}

double timed_run(const Problem& problem, const CaseResult& result) {
  Settings settings = result.what.experiment->defaults;
  settings.epochs = result.timed_epochs;
  double seconds = 0.0;
  for (std::size_t i = 0; i < result.timed_trainings; ++i) {
    seconds +=
        run_experiment(*result.what.experiment, problem, settings, *result.what.backend, result.what.dtype)
            .trace.seconds;
  }
  return seconds /
         static_cast<double>(result.timed_trainings * (settings.epochs + problem.epochs_before_first));
}

const Problem& Comparison::problem_of(const CaseResult& result) const {
  std::size_t index = 0;
  const Experiment* current = cases.front().what.experiment;
  for (const CaseResult& row : cases) {
    if (row.what.experiment != current) ++index, current = row.what.experiment;
    if (current == result.what.experiment) break;
  }
  return problems[index];
}

const CaseResult* Comparison::base_of(const CaseResult& result) const {
  const CaseResult* base = naive_row(cases, result.what.experiment, result.what.dtype);
  return base != nullptr && base->timed() ? base : nullptr;
}

std::optional<PairedRatio> Comparison::speed_of(const CaseResult& result) const {
  const CaseResult* base = base_of(result);
  if (base == nullptr || base == &result || !result.timed()) return std::nullopt;
  const std::size_t rounds = std::min(base->epoch_seconds.size(), result.epoch_seconds.size());
  return paired_ratio(std::span(base->epoch_seconds).first(rounds),
                      std::span(result.epoch_seconds).first(rounds), confidence_of_one());
}

std::size_t Comparison::comparisons() const {
  return static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), [&](const CaseResult& row) {
    const CaseResult* base = base_of(row);
    return row.timed() && base != nullptr && base != &row;
  }));
}

std::optional<Interval> Comparison::epoch_interval_of(const CaseResult& result) const {
  return median_interval(result.epoch_seconds, options.confidence);
}

double Comparison::noise_of(const CaseResult& result) const {
  return noise_floor(result.part_seconds[0], result.part_seconds[1], options.confidence);
}

std::size_t Comparison::wrong_cases() const {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [](const CaseResult& row) { return !row.wrong.empty(); }));
}

Comparison measure(const std::vector<Case>& cases, const MeasureOptions& options,
                   const std::function<void(const Progress&)>& progress) {
  const Clock::time_point start = Clock::now();
  Comparison comparison;
  comparison.options = options;
  for (const Case& what : cases) {
    if (comparison.cases.empty() || comparison.cases.back().what.experiment != what.experiment) {
      comparison.problems.push_back(what.experiment->build(what.experiment->defaults));
    }
    comparison.cases.emplace_back().what = what;
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (cases[i].unusable_reason.empty()) order.push_back(i);
  }

  Schedule schedule(options, progress, order.size());
  for (std::size_t i : order) {
    schedule.before("checking " + cases[i].name());
    comparison.cases[i] = checked(comparison.problem_of(comparison.cases[i]), cases[i]);
    schedule.after_check();
  }
  for (std::size_t i : order) {
    CaseResult& row = comparison.cases[i];
    if (row.wrong.empty()) {
      row.wrong = wrong_accuracy(row, naive_row(comparison.cases, row.what.experiment, DType::float64));
    }
    if (row.wrong.empty()) plan_timed_run(options.seconds_per_run / 2, row);
  }
  const std::size_t wrong =
      std::erase_if(order, [&](std::size_t i) { return !comparison.cases[i].wrong.empty(); });
  schedule.skip(2 * options.rounds * wrong);

  time_in_rounds(comparison, std::move(order), schedule);
  comparison.wall_seconds = seconds_since(start);
  return comparison;
}

}  // namespace mlpbench
