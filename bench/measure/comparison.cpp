#include "bench/measure/comparison.h"

#include <algorithm>

#include "backends/operations/work.h"

namespace mlpbench {
namespace {

double members_of(const RunResult& run) {
  return static_cast<double>(std::max<std::size_t>(1, run.members.size()));
}

}  // namespace

std::string_view to_string(Stop stop) noexcept {
  constexpr std::string_view kWords[] = {"not timed", "precision reached", "all rounds done", "budget spent",
                                         "interrupted"};
  return kWords[static_cast<std::size_t>(stop)];
}

const CaseResult* row_of(std::span<const CaseResult> cases, const Case& what, std::string_view backend) {
  const auto row = std::find_if(cases.begin(), cases.end(), [&](const CaseResult& other) {
    return other.what.threads == 1 && other.what.ranks == 1 && other.what.experiment == what.experiment &&
           other.what.dtype == what.dtype && other.what.backend->name == backend &&
           other.what.trainer_name() == what.trainer_name();
  });
  return row == cases.end() ? nullptr : &*row;
}

const Problem& Comparison::problem_of(const CaseResult& result) const {
  return problems.at(result.what.experiment).front();
}

std::optional<Interval> Comparison::epoch_interval_of(const CaseResult& result) const {
  return median_interval(result.seconds, options.confidence);
}

double Comparison::noise_of(const CaseResult& result) const {
  return noise_floor(result.visits[0], result.visits[1], options.confidence);
}

std::size_t Comparison::wrong_cases() const {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [](const CaseResult& row) { return !row.wrong.empty(); }));
}

double samples_per_epoch(const Problem& problem, const RunResult& run) {
  const std::size_t epochs = run.settings.epochs + problem.epochs_before_first;
  return members_of(run) * static_cast<double>(run.trace.samples_trained) / static_cast<double>(epochs);
}

double flop_per_epoch(const Problem& problem, const RunResult& run) {
  const auto samples = static_cast<std::size_t>(samples_per_epoch(problem, run) / members_of(run));
  if (run.settings.trainer == kPredict) return inference_work(problem.network, samples, sizeof(double)).flop;
  const bool batches = stepping_trainer(run.settings).uses_batches;
  const std::size_t batch = batches ? run.settings.batch_size : samples;
  return members_of(run) * epoch_work(problem.network, samples, batch, true, sizeof(double)).flop;
}

std::size_t threads_used(const RunResult& run) {
  return run.members.empty() ? run.trace.threads : std::min(run.settings.threads, run.members.size());
}

}  // namespace mlpbench
