#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "core/training/rank_results.h"
#include "core/training/step_ranks.h"
#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// Weights and stream are copies while the member trains: made by its thread, they share no cache line with
/// another member's.
template <typename T>
TrainingTrace train_member(const TrainingRun<T>& run, const TrainerEntry& trainer, bool reports,
                           const std::atomic<bool>& failed) {
  TrainingOptions options = run.options;
  options.threads = 1;
  options.force_parallel = false;
  options.ranks = nullptr;
  if (!reports) options.progress = nullptr;
  options.also_interrupt = &failed;
  Parameters<T> theta = run.theta;
  RandomState stream = run.stream;
  TrainingTrace trace =
      trainer.train(TrainingRun<T>{run.backend, run.network, run.data, options, theta, stream});
  run.theta = std::move(theta);
  run.stream = stream;
  return trace;
}

/// How a rank's members failed, for all ranks.
struct Failure {
  bool failed = false, is_wrong_result = false;
  char text[1022] = {};
};

/// Throws on all ranks what one of them threw: the first of them.
void share_failure(Communicator& ranks, const std::exception_ptr& error) {
  std::vector<Failure> failures(ranks.size());
  std::vector<std::size_t> ends;
  for (std::size_t r = 0; r < ranks.size(); ++r) ends.push_back((r + 1) * sizeof(Failure));
  Failure& own = failures[ranks.rank()];
  const auto note = [&own](const std::exception& what, bool is_wrong_result) {
    own = {.failed = true, .is_wrong_result = is_wrong_result};
    const std::string_view text = what.what();
    std::copy_n(text.data(), std::min(text.size(), sizeof own.text - 1), own.text);
  };
  try {
    if (error) std::rethrow_exception(error);
  } catch (const WrongResult& wrong) {
    note(wrong, true);
  } catch (const std::exception& other) {
    note(other, false);
  }
  ranks.gather(std::as_writable_bytes(std::span(failures)), ends);
  for (const Failure& failure : failures) {
    if (failure.failed && failure.is_wrong_result) throw WrongResult(failure.text);
    if (failure.failed) throw UserError(failure.text);
  }
}

}  // namespace

template <typename T>
std::vector<TrainingTrace> train_ensemble(std::span<const TrainingRun<T>> runs, const TrainerEntry& trainer) {
  std::vector<TrainingTrace> traces(runs.size());
  if (runs.empty()) return traces;
  const StepRanks ranks{runs.front().options.ranks};
  const IndexRange own = range_of_rank(runs.size(), ranks.rank(), ranks.size());
  ThreadPool pool(std::min(runs.front().options.threads, std::max<std::size_t>(own.count, 1)));
  std::atomic<bool> failed = false;
  const auto train_own = [&](std::size_t n, std::size_t) {
    const std::size_t member = own.first + n;
    try {
      traces[member] = train_member(runs[member], trainer, member == 0, failed);
    } catch (const WrongResult& error) {
      failed = true;
      if (runs.size() == 1) throw;
      throw WrongResult("member " + std::to_string(member) + ": " + error.what());
    } catch (...) {
      failed = true;
      throw;
    }
  };
  if (ranks.alone()) {
    pool.for_each(own.count, train_own);
    return traces;
  }
  std::exception_ptr error;
  try {
    pool.for_each(own.count, train_own);
  } catch (...) {
    error = std::current_exception();
  }
  share_failure(*ranks.all, error);
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    const IndexRange members = range_of_rank(runs.size(), r, ranks.size());
    for (std::size_t m = members.first; m < members.first + members.count; ++m) {
      share_result(*ranks.all, r, runs[m].theta, runs[m].stream, traces[m]);
      traces[m].ranks = std::min(ranks.size(), runs.size());
    }
  }
  return traces;
}

template <typename T>
TrainingTrace train_ensemble(const TrainingRun<T>& run) {
  const TrainerEntry& trainer = find_trainer(run.options.ensemble_of);
  return std::move(train_ensemble(std::span(&run, 1), trainer).front());
}

template std::vector<TrainingTrace> train_ensemble(std::span<const TrainingRun<float>>, const TrainerEntry&);
template std::vector<TrainingTrace> train_ensemble(std::span<const TrainingRun<double>>, const TrainerEntry&);
template TrainingTrace train_ensemble(const TrainingRun<float>&);
template TrainingTrace train_ensemble(const TrainingRun<double>&);

}  // namespace mlpbench
