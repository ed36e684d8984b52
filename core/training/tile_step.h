#pragma once

#include <atomic>
#include <cstddef>
#include <limits>
#include <vector>

#include "core/backend.h"
#include "core/training/step_ranks.h"
#include "core/training/thread_pool.h"

namespace mlpbench {

/// Samples of the blocks that TileStep cuts a batch into. There are a few blocks for each thread, as long as
/// they are not too narrow for the kernels. A batch of 64 is one.
std::size_t samples_of_block(std::size_t batch, std::size_t threads) noexcept;

/// A step for which no batch is too small. Owner computes: every element of every result has one task that
/// computes the whole of it. It uses the backend's own operation on a block (core/backend.h, "Blocks"), so no
/// sum is split. Nothing depends on the blocks, so they may follow the number of threads. Two forks and joins
/// a step:
///   1. blocks of samples   forward through all layers, dZ of the last, dZ down to the first: a sample
///                          needs no other sample's anything
///   2. blocks of weights   dW and db, summed within and over the batch's chunks, and their update; beside
///                          them the loss, once more, because its sum has one order only on whole chunks
/// An update that clips has a third, over the same tiles, once the norm of all of dW and db is known. So has
/// a batch of many chunks, whose second half takes so long that it must be possible to abandon it. The
/// weights are updated all or not at all. Unlike one chunk a thread (ChunkStep), this needs no gradients of
/// single chunks, 2.7 MB each for 784-512-512-10. It also cuts as fine as there are threads. But in the
/// second half a thread reads what all others wrote in the first.
///
/// Ranks have a range of the samples each in the first half, and a range of the rows of every dW in the
/// second. After the first they exchange activations and deltas, and after the second they gather the weights
/// that each has updated. An update that needs more than its own rows' gradients has these gathered instead,
/// and every rank updates all weights by the same bits. No sum crosses ranks, so Reduction has no part in it.
template <typename T>
class TileStep {
 public:
  /// As ParallelStep.
  TileStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch, ThreadPool& pool,
           const std::atomic<bool>* interrupt, const StepRanks& ranks);

  /// As ParallelStep.
  void set_place(const DropoutPlace& place) noexcept { place_ = place; }

  /// As ParallelStep.
  template <typename Prepare, typename Beside>
  double operator()(Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                    const OptimiserStep<T>& optimiser, T gradient_scale, Prepare prepare, Beside beside) {
    const IndexRange own = samples_of_rank(X.cols, ranks_.rank(), ranks_.size());
    const std::size_t width = samples_of_block(own.count, pool_.threads()),
                      blocks = ceil_div(own.count, width);
    pool_.for_each(blocks, [&](std::size_t task, std::size_t thread_id) {
      if (interrupted()) return;
      const std::size_t in_own = side_by_side(task, blocks, pool_.threads()) * width,
                        first = own.first + in_own, count = std::min(width, own.count - in_own);
      prepare(first, count);
      differentiate(theta, X.columns(first, count), Y.columns(first, count), first, thread_id);
    });
    if (stopped()) return kAbandoned;
    if (!ranks_.alone()) {
      begin_to_exchange(X.cols);
      prepare(0, own.first);
      prepare(own.first + own.count, X.cols - own.first - own.count);
      end_exchange(X.cols);
    }
    const bool apart = updates_apart(optimiser, X.cols);
    double loss = 0.0;
    pool_.for_each(own_tiles_.count + 2, [&](std::size_t task, std::size_t thread_id) {
      if (task == 0) {
        beside();
      } else if (task == 1) {
        loss = whole_loss(Y);
      } else {
        update_tile(tiles_[own_tiles_.first + task - 2], theta, X, optimiser, gradient_scale, thread_id);
      }
    });
    if (apart && stopped()) return kAbandoned;
    if (!ranks_.alone()) gather_rows(apart ? gradient_ : theta);
    if (apart) update(theta, optimiser);
    return loss;
  }

 private:
  /// A block of the weights of one layer.
  struct Tile {
    std::size_t layer;
    Block block;
  };

  static constexpr double kAbandoned = std::numeric_limits<double>::quiet_NaN();

  bool interrupted() const noexcept {
    return interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed);
  }
  /// Whether the run is to end, of which all ranks hear alike.
  bool stopped() { return ranks_.alone() ? interrupted() : ranks_.all->agree_to_stop(interrupted()); }

  bool updates_apart(const OptimiserStep<T>& optimiser, std::size_t samples) const noexcept;
  void plan_tiles();
  void plan_tiles(std::size_t rank);
  void differentiate(const Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                     std::size_t first, std::size_t thread_id) noexcept;
  double whole_loss(MatrixView<const T> Y) noexcept;
  void update_tile(const Tile& tile, Parameters<T>& theta, MatrixView<const T> X,
                   const OptimiserStep<T>& optimiser, T gradient_scale, std::size_t thread_id) noexcept;
  void update(Parameters<T>& theta, const OptimiserStep<T>& optimiser);
  void begin_to_exchange(std::size_t batch);
  void end_exchange(std::size_t batch);
  void wait_for(std::vector<Communicator::Request>& requests);
  void gather_rows(Parameters<T>& of);
  template <typename Body>
  void for_each_sent_row(std::size_t to, std::size_t batch, Body body) noexcept;
  template <typename Body>
  void for_each_range(const Tile& tile, Body body) const noexcept;
  std::span<T> scratch(std::size_t thread_id) noexcept;

  const Backend<T>& backend_;
  const NetworkSpec& network_;
  ThreadPool& pool_;
  const std::atomic<bool>* interrupt_;  ///< as in Workspace
  StepRanks ranks_;
  Activations<T> activations_;
  Parameters<T> gradient_, chunk_gradient_;
  Matrix<T> discarded_;  ///< the second dZ of the last layer, which comes with the loss
  std::vector<AlignedBuffer<T>> scratch_;
  std::vector<Tile> tiles_;  ///< rank by rank, of each the largest first
  IndexRange own_tiles_;
  AlignedBuffer<T> exchanged_;  ///< activations and deltas that arrive, rank by rank, and that leave
  std::vector<Communicator::Request> arriving_, leaving_;
  DropoutPlace place_;
};

}  // namespace mlpbench
