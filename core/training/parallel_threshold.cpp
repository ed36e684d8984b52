#include "core/training/parallel_threshold.h"

#include <algorithm>
#include <chrono>

#include "core/training/batch.h"

namespace mlpbench {
namespace {

constexpr std::size_t kTrialSamples = 1024;
constexpr double kTrialSeconds = 1e-3;  ///< a step that takes longer is timed once

/// Of one serial step on the first samples of the data.
template <typename T>
double trial_seconds(const TrainingRun<T>& run, std::size_t samples) {
  using Clock = std::chrono::steady_clock;
  Batch<T> batch(run.data.features(), run.data.outputs(), samples);
  transpose_into<T>(run.data.X.view(), batch.X());
  transpose_into<T>(run.data.Y, 0, batch.Y());
  Workspace<T> workspace(run.backend, run.network, samples, run.options.interrupt);
  Parameters<T> theta = run.theta;
  Optimiser<T> optimiser(run.options.optimiser, 0.0, run.network, {run.options.epochs, 1, samples});
  double least = 0.0;
  for (int trial = 0; trial < 4; ++trial) {
    const Clock::time_point start = Clock::now();
    // Rate 0: the weights stay, and no trial meets numbers that the run would not.
    run.backend.step(run.network, theta, batch.X(), batch.Y(), optimiser.next(T{1}), T{1}, workspace);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    least = trial == 0 ? seconds : std::min(least, seconds);
    if (seconds > kTrialSeconds) break;
  }
  return least;
}

}  // namespace

template <typename T>
double serial_step_seconds(const TrainingRun<T>& run, std::size_t batch) {
  if (batch == 0) return 0.0;
  const std::size_t samples = std::min({batch, run.data.samples(), kTrialSamples});
  return trial_seconds(run, samples) * static_cast<double>(batch) / static_cast<double>(samples);
}

template <typename T>
bool above_parallel_threshold(const TrainingRun<T>& run, std::size_t batch, ThreadPool& pool) {
  if (run.options.force_parallel) return true;
  const std::size_t running = running_threads(pool.threads());
  if (running == 1 || batch == 0) return false;
  return above_parallel_threshold(serial_step_seconds(run, batch), running,
                                  step_parts(run.network, batch, pool.threads(), sizeof(T)),
                                  fork_join_seconds(pool));
}

template double serial_step_seconds(const TrainingRun<float>&, std::size_t);
template double serial_step_seconds(const TrainingRun<double>&, std::size_t);
template bool above_parallel_threshold(const TrainingRun<float>&, std::size_t, ThreadPool&);
template bool above_parallel_threshold(const TrainingRun<double>&, std::size_t, ThreadPool&);

}  // namespace mlpbench
