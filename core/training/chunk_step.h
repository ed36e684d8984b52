#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "core/backend.h"
#include "core/training/thread_pool.h"

namespace mlpbench {

/// A step whose chunks (core/chunks.h) are shared out: a thread takes a chunk forward and backward down to
/// its gradients, which meet nothing of another chunk, and then all gradients are added in the chunks' order,
/// as the serial step does. Two forks and joins a step, or one where the sum is too short to share:
///   1. chunks of samples   gradients and loss of the chunk, in the thread's own workspace
///   2. ranges of weights   the sum over the chunks, and the update
/// A chunk's gradients are kept until they are added, so a long batch goes in rounds of some chunks a thread:
/// the memory does not grow with the batch.
template <typename T>
class ChunkStep {
 public:
  /// As ParallelStep.
  ChunkStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch, ThreadPool& pool,
            const std::atomic<bool>* interrupt);

  /// As ParallelStep.
  void set_place(const DropoutPlace& place) noexcept { place_ = place; }

  /// As ParallelStep.
  template <typename Prepare, typename Beside>
  double operator()(Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                    const OptimiserStep<T>& optimiser, T gradient_scale, Prepare prepare, Beside beside) {
    const Chunks chunks(network_, X.cols);
    double loss = 0.0;
    for (std::size_t first = 0; first < chunks.count(); first += kept_.size()) {
      const std::size_t count = std::min(kept_.size(), chunks.count() - first);
      pool_.for_each(count + (first == 0 ? 1 : 0), [&](std::size_t task, std::size_t thread_id) {
        if (task == count) return beside();
        if (workspaces_[thread_id]->interrupted()) return;
        const std::size_t n = side_by_side(task, count, pool_.threads()), c = first + n;
        prepare(chunks.first(c), chunks.samples(c));
        workspaces_[thread_id]->set_place(place_.from(chunks.first(c)));
        kept_[n]->loss =
            backend_.chunk_gradients(network_, theta, chunks.part(X, c), chunks.part(Y, c), gradient_scale,
                                     kept_[n]->gradient, *workspaces_[thread_id]);
      });
      if (workspaces_.front()->interrupted()) return std::numeric_limits<double>::quiet_NaN();
      for (std::size_t n = 0; n < count; ++n) loss += kept_[n]->loss;
      add(theta, optimiser, count, first == 0, first + count == chunks.count());
    }
    return loss;
  }

 private:
  /// What is left of a chunk.
  struct alignas(kThreadAlignment) Kept {
    explicit Kept(const NetworkSpec& network) : gradient(network) {}
    Parameters<T> gradient;
    double loss = 0.0;
  };

  void add(Parameters<T>& theta, const OptimiserStep<T>& optimiser, std::size_t count, bool at_start,
           bool at_end);
  template <typename Body>
  void for_each_range(std::size_t summands, Body body);

  const Backend<T>& backend_;
  const NetworkSpec& network_;
  ThreadPool& pool_;
  std::vector<std::unique_ptr<Workspace<T>>> workspaces_;  ///< one a thread_id
  std::vector<std::unique_ptr<Kept>> kept_;                ///< of the chunks of a round
  Parameters<T> sum_;
  DropoutPlace place_;
};

}  // namespace mlpbench
