#include <array>
#include <string>
#include <utility>

#include "core/training/thread_pool.h"
#include "core/training/trainer.h"
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

}  // namespace

template <typename T>
std::vector<TrainingTrace> train_ensemble(std::span<const TrainingRun<T>> runs, const TrainerEntry& trainer) {
  std::vector<TrainingTrace> traces(runs.size());
  if (runs.empty()) return traces;
  ThreadPool pool(std::min(runs.front().options.threads, runs.size()));
  std::atomic<bool> failed = false;
  pool.for_each(runs.size(), [&](std::size_t member, std::size_t) {
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
  });
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
