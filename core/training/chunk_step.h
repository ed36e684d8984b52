#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "core/backend.h"
#include "core/training/ordered_sum.h"
#include "core/training/step_ranks.h"
#include "core/training/thread_pool.h"

namespace mlpbench {

/// A step whose chunks (core/chunks.h) are divided among threads. A thread takes a chunk forward and backward
/// down to its gradients, which meet nothing of another chunk. Then all gradients are added in the chunks'
/// order, as the serial step does. Two forks and joins a step, or one where the sum is too short to share:
///   1. chunks of samples   gradients and loss of the chunk, in the thread's own workspace
///   2. ranges of weights   the sum over the chunks, and the update
/// A chunk's gradients are kept until they are added. A long batch therefore goes in rounds of some chunks a
/// thread, and the memory does not grow with the batch.
///
/// Ranks have a range of the chunks each, and an OrderedSum in place of the second fork and join. Then every
/// rank updates all weights by the same bits. They keep the gradients of all their chunks, because each round
/// sends twice the parameters; above 1 GiB a rank there are more rounds. With Reduction::allreduce the ranks
/// have a range of the samples each, which they cut into chunks of their own. Where the data are cut, a shard
/// takes the place of a chunk.
///
/// On one thread a rank sends the gradients of its last chunk while the backward pass goes on to the layers
/// before (as Y. Li et al., PyTorch Distributed, VLDB 2020, do), in buckets of whole layers.
template <typename T>
class ChunkStep {
 public:
  /// As ParallelStep.
  ChunkStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch, ThreadPool& pool,
            const std::atomic<bool>* interrupt, const StepRanks& ranks);

  /// As ParallelStep.
  void set_place(const DropoutPlace& place) noexcept { place_ = place; }

  void set_batch(std::size_t samples) noexcept { batch_ = samples; }

  /// As ParallelStep.
  template <typename Prepare, typename Beside>
  double operator()(Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                    const OptimiserStep<T>& optimiser, T gradient_scale, Prepare prepare, Beside beside) {
    const IndexRange samples = ranks_.shards ? IndexRange{0, X.cols} : samples_of_rank(X.cols);
    const MatrixView<const T> own_X = X.columns(samples.first, samples.count),
                              own_Y = Y.columns(samples.first, samples.count);
    const BatchParts chunks(network_, ranks_.shards ? batch_ : samples.count, ranks_.shards);
    double loss = 0.0;
    for (std::size_t first = 0; first < chunks.count(); first += round_) {
      const std::size_t in_round = std::min(round_, chunks.count() - first);
      const IndexRange own = chunks_of_rank(in_round);
      const bool at_start = first == 0, at_end = first + in_round == chunks.count();
      if (begins_early()) plan_sum(in_round, at_start);
      pool_.for_each(own.count + (first == 0 ? 1 : 0), [&](std::size_t task, std::size_t thread_id) {
        if (task == own.count) return beside();
        if (workspaces_[thread_id]->interrupted()) return;
        const std::size_t n = side_by_side(task, own.count, pool_.threads()), c = first + own.first + n;
        const std::size_t sample = samples.first + chunks.first(c);
        prepare(sample, chunks.samples(c));
        workspaces_[thread_id]->set_place(place_.from(sample));
        if (begins_early()) {
          const auto begin = [this](std::size_t layer) { begin_sums(layer); };
          workspaces_[thread_id]->set_layer_done(n + 1 == own.count ? std::function<void(std::size_t)>(begin)
                                                                    : nullptr);
        }
        differentiate(theta, chunks.part(own_X, c), chunks.part(own_Y, c), gradient_scale, *kept_[n],
                      *workspaces_[thread_id]);
      });
      if (ranks_.ordered()) {
        const bool goes_on = add_losses(in_round, own.count, loss);
        if (!begins_early()) plan_sum(in_round, at_start);
        if (goes_on || begins_early()) add_over_ranks();  // which others may have begun
        if (!goes_on) return kAbandoned;
        if (at_end) update(theta, optimiser);
      } else {
        if (ranks_.alone() && workspaces_.front()->interrupted()) return kAbandoned;
        for (std::size_t n = 0; n < own.count; ++n) loss += kept_[n]->loss;
        add(theta, optimiser, own.count, at_start, at_end);
      }
    }
    if (ranks_.alone() || ranks_.ordered()) return loss;
    kept_.front()->loss = loss;
    loss = 0.0;
    if (!add_losses(ranks_.size(), 1, loss)) return kAbandoned;
    ranks_.all->allreduce(sum_.all());
    update(theta, optimiser);
    return loss;
  }

 private:
  /// What is left of a chunk.
  struct alignas(kThreadAlignment) Kept {
    explicit Kept(const NetworkSpec& network) : gradient(network) {}
    Parameters<T> gradient;
    double loss = 0.0;
  };

  /// Layers whose gradients are summed over the ranks together.
  struct Bucket {
    std::size_t layer;  ///< the first one, whose gradients are made last
    IndexRange elements;
    OrderedSum<T> sum;
    std::vector<const T*> addends = {};
  };

  static constexpr double kAbandoned = std::numeric_limits<double>::quiet_NaN();

  void differentiate(const Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                     T gradient_scale, Kept& kept, Workspace<T>& workspace) noexcept;
  IndexRange samples_of_rank(std::size_t batch) const noexcept;
  IndexRange chunks_of_rank(std::size_t in_round) const noexcept;
  bool add_losses(std::size_t of_all, std::size_t own, double& loss);
  bool begins_early() const noexcept { return buckets_.size() > 1; }
  void plan_buckets();
  void plan_sum(std::size_t in_round, bool at_start);
  void begin_sums(std::size_t layer);
  void add_over_ranks();
  void update(Parameters<T>& theta, const OptimiserStep<T>& optimiser);
  void add(Parameters<T>& theta, const OptimiserStep<T>& optimiser, std::size_t count, bool at_start,
           bool at_end);
  template <typename Body>
  void for_each_range(std::size_t summands, Body body);

  const Backend<T>& backend_;
  const NetworkSpec& network_;
  ThreadPool& pool_;
  StepRanks ranks_;
  std::size_t batch_;                                      ///< samples of the batch, where the data are cut
  std::size_t round_;                                      ///< chunks of a round, of all ranks
  std::vector<std::unique_ptr<Workspace<T>>> workspaces_;  ///< one a thread_id
  std::vector<std::unique_ptr<Kept>> kept_;                ///< of this rank's chunks of a round
  Parameters<T> sum_;
  Parameters<T> before_;         ///< the sum of the rounds before, in an OrderedSum
  std::vector<Bucket> buckets_;  ///< from the last layer down; one, but where sums begin early
  std::size_t begun_ = 0;        ///< of the buckets
  std::vector<std::size_t> counts_, ends_;
  std::vector<double> losses_;  ///< of each rank, whether it was interrupted and the losses of its chunks
  DropoutPlace place_;
};

}  // namespace mlpbench
