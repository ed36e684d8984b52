#pragma once

#include <cstddef>

#include "core/training/thread_team.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// Seconds of a step that `running` threads share, from those of the serial step and of one fork and join: a
/// shared step has two of these,
///   s / P + 2 f.
constexpr double shared_step_seconds(double serial, std::size_t running, double fork_join) noexcept {
  return serial / static_cast<double>(running) + 2.0 * fork_join;
}

/// The cut-over's rule: whether shared_step_seconds() is below three quarters of the serial step.
constexpr bool worth_sharing(double serial, std::size_t running, double fork_join) noexcept {
  return running > 1 && shared_step_seconds(serial, running, fork_join) < 0.75 * serial;
}

/// Whether a step on `batch` samples is worth_sharing() among the team. The quarter is for what the model
/// leaves out (the loss is computed twice, caches of two cores, neighbours on the machine), so that the
/// choice never loses. Both numbers are measured: s on a copy of the run's weights and at most 1024 of its
/// samples, f by fork_join_seconds(). With options.force_parallel the answer is yes, without measuring.
template <typename T>
bool sharing_pays(const TrainingRun<T>& run, std::size_t batch, ThreadTeam& team);

}  // namespace mlpbench
