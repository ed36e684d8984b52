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
      : options_(options), tell_(tell), checks_left_(cases), all_(cases * (options.rounds + 1)) {}

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
    return count == 0 ? options_.seconds_per_run : sum / static_cast<double>(count);
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

}  // namespace

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

std::optional<Spread> Comparison::speed_of(const CaseResult& result) const {
  const CaseResult* base = base_of(result);
  if (base == nullptr || !result.timed()) return std::nullopt;
  std::vector<double> quotients(result.epoch_seconds.size());
  std::transform(base->epoch_seconds.begin(), base->epoch_seconds.end(), result.epoch_seconds.begin(),
                 quotients.begin(), std::divides<>());
  return spread_of(std::move(quotients));
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
    if (row.wrong.empty()) plan_timed_run(options.seconds_per_run, row);
  }
  std::erase_if(order, [&](std::size_t i) { return !comparison.cases[i].wrong.empty(); });

  RandomState shuffler(options.order_seed);
  for (std::size_t round = 0; round < options.rounds; ++round) {
    shuffler.shuffle(order);
    for (std::size_t i : order) {
      CaseResult& row = comparison.cases[i];
      schedule.before(fmt::format("round {} of {}", round + 1, options.rounds));
      row.epoch_seconds.push_back(timed_run(comparison.problem_of(row), row));
      schedule.after_timed();
    }
  }
  comparison.wall_seconds = seconds_since(start);
  return comparison;
}

}  // namespace mlpbench
