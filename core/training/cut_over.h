#pragma once

#include "core/training/thread_team.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// Whether a step on `batch` samples is worth sharing among the team. A shared step has two forks and joins,
/// so with the serial step's time s, the cost f of a fork and join, and P threads that run at once, it takes
///   s / P + 2 f,
/// and sharing pays where that is below three quarters of s. The quarter is for what the model leaves out
/// (the loss is computed twice, caches of two cores, neighbours on the machine), so that the choice never
/// loses. Both numbers are measured: s on a copy of the run's weights and at most 1024 of its samples, f by
/// fork_join_seconds(). With options.force_parallel the answer is yes, without measuring.
template <typename T>
bool sharing_pays(const TrainingRun<T>& run, std::size_t batch, ThreadTeam& team);

}  // namespace mlpbench
