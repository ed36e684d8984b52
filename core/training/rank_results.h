#pragma once

#include "core/training/parallel_step.h"

namespace mlpbench {

/// Gives all ranks what rank `from` has: the trained parameters, the stream and the trace, but for
/// bytes_sent.
template <typename T>
void share_result(Communicator& ranks, std::size_t from, Parameters<T>& theta, RandomState& stream,
                  TrainingTrace& trace);

/// `train` of the run on the first rank alone, with its result on all. What it throws reaches the others as a
/// lost rank, unless they throw it too.
template <typename T>
TrainingTrace train_on_first_rank(const TrainingRun<T>& run, TrainingTrace (*train)(const TrainingRun<T>&));

/// Ranks that have work in the steps of a run on `batch` samples, which they share.
template <typename T>
std::size_t busy_ranks(const TrainingRun<T>& run, std::size_t batch) {
  const std::size_t ranks = run.options.ranks->size();
  return run.shards ? std::min(ranks, run.shards.count)
                    : busy_ranks(run.network, batch, ranks, run.options.reduction);
}

/// Whether the ranks share steps on `batch` samples. They do where rank_parts() finds a way and a shared step
/// takes less than three quarters of a serial one. The first rank measures both. They also do with
/// options.force_parallel, or when nobody has all the data. False without ranks.
template <typename T>
bool ranks_share_steps(const TrainingRun<T>& run, std::size_t batch);

}  // namespace mlpbench
