#pragma once

#include <algorithm>
#include <cstddef>

#include "core/training/thread_team.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// Seconds of a step that `running` threads share, from those of the serial step and of one fork and join. A
/// shared step has two of these. The first half, forward and backward, is about two thirds of the arithmetic
/// and is cut into `blocks` blocks of samples (step_blocks()); the second, the gradients of the weights, into
/// as many tiles as are wanted. With s the serial step, P the threads and f a fork and join,
///   (2/3) s / min(P, blocks) + (1/3) s / P + 2 f.
constexpr double shared_step_seconds(double serial, std::size_t running, std::size_t blocks,
                                     double fork_join) noexcept {
  const double share = static_cast<double>(std::min(running, blocks));
  return 2.0 / 3.0 * serial / share + serial / 3.0 / static_cast<double>(running) + 2.0 * fork_join;
}

/// The cut-over's rule: whether shared_step_seconds() is below three quarters of the serial step.
constexpr bool worth_sharing(double serial, std::size_t running, std::size_t blocks,
                             double fork_join) noexcept {
  return running > 1 && shared_step_seconds(serial, running, blocks, fork_join) < 0.75 * serial;
}

/// Whether a step on `batch` samples is worth_sharing() among the team. The quarter is for what the model
/// leaves out (the loss is computed twice, caches of two cores, neighbours on the machine), so that the
/// choice never loses. Both times are measured: s on a copy of the run's weights and at most 1024 of its
/// samples, f by fork_join_seconds(). With options.force_parallel the answer is yes, without measuring.
template <typename T>
bool sharing_pays(const TrainingRun<T>& run, std::size_t batch, ThreadTeam& team);

}  // namespace mlpbench
