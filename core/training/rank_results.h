#pragma once

#include "core/training/trainer.h"

namespace mlpbench {

/// Gives all ranks what rank `from` has: the trained parameters, the stream and the trace, but for bytes_sent.
template <typename T>
void share_result(Communicator& ranks, std::size_t from, Parameters<T>& theta, RandomState& stream,
                  TrainingTrace& trace);

/// `train` of the run on the first rank alone, with its result on all. What it throws reaches the others as a
/// lost rank, unless they throw it too.
template <typename T>
TrainingTrace train_on_first_rank(const TrainingRun<T>& run, TrainingTrace (*train)(const TrainingRun<T>&));

/// Whether the ranks share steps on `batch` samples: where rank_parts() finds a way and a shared step takes
/// less than three quarters of a serial one, both measured on the first rank, or with options.force_parallel.
/// False without ranks.
template <typename T>
bool ranks_share_steps(const TrainingRun<T>& run, std::size_t batch);

}  // namespace mlpbench
