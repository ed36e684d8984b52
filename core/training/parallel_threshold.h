#pragma once

#include <algorithm>
#include <cstddef>

#include "core/training/parallel_step.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// Seconds that a byte of StepParts::exchanged costs a step, on its way to another core and back: 16 ns a
/// line of 64. 28-64-64-1 in float32 on two threads, by blocks and tiles: 35 us at a batch of 256 beyond the
/// rest of the model. There are 4128 lines, and half of them are another's.
inline constexpr double kExchange = 16e-9 / 64;

/// Seconds of a step that `running` threads share, from those of the serial step and of one fork and join. A
/// shared step has two of these. By chunks, all arithmetic is cut into `parts.count` pieces. Else it has two
/// halves. Forward and backward, about two thirds, are cut into these, and the gradients of the weights into
/// as many tiles as are wanted. With s the serial step, P the threads, n the count, e the bytes exchanged and
/// f a fork and join,
///   by chunks   s ceil(n / P) / n + 2 f
///   else        (2/3) s / min(P, n) + (1/3) s / P + 2 f + kExchange e (1 - 1 / P).
constexpr double shared_step_seconds(double serial, std::size_t running, StepParts parts,
                                     double fork_join) noexcept {
  const double threads = static_cast<double>(running), count = static_cast<double>(parts.count);
  if (parts.chunks) {
    const double most = static_cast<double>(ceil_div(parts.count, running));
    return serial * most / count + 2.0 * fork_join;
  }
  const double exchange = kExchange * static_cast<double>(parts.exchanged) * (1.0 - 1.0 / threads);
  return 2.0 / 3.0 * serial / std::min(threads, count) + serial / 3.0 / threads + 2.0 * fork_join + exchange;
}

/// The parallel threshold's rule: whether shared_step_seconds() is below three quarters of the serial step.
constexpr bool above_parallel_threshold(double serial, std::size_t running, StepParts parts,
                                        double fork_join) noexcept {
  return running > 1 && shared_step_seconds(serial, running, parts, fork_join) < 0.75 * serial;
}

/// Seconds of a serial step on `batch` samples, measured on a copy of the run's weights and at most 1024 of
/// its samples.
template <typename T>
double serial_step_seconds(const TrainingRun<T>& run, std::size_t batch);

/// Whether a step on `batch` samples is above_parallel_threshold() among the pool. The quarter is for what
/// the model leaves out: a loss that is computed twice, caches of two cores, neighbours on the machine. The
/// choice then never loses. Both times are measured: s by serial_step_seconds(), f by fork_join_seconds().
/// With options.force_parallel the answer is yes, without measuring.
template <typename T>
bool above_parallel_threshold(const TrainingRun<T>& run, std::size_t batch, ThreadPool& pool);

}  // namespace mlpbench
