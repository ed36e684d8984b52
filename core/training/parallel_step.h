#pragma once

#include <cstddef>
#include <memory>

#include "core/training/chunk_step.h"
#include "core/training/tile_step.h"

namespace mlpbench {

/// What a step on a batch is cut into for some threads.
struct StepParts {
  bool chunks;        ///< whole chunks of samples (ChunkStep), else blocks of samples and tiles (TileStep)
  std::size_t count;  ///< of the chunks, or of the blocks

  /// Bytes that one thread writes and others read: 0 by chunks, else all activations and deltas.
  std::size_t exchanged = 0;
};

/// ChunkStep where threads get the same number of chunks or nearly so: if the busiest has no more than an
/// eighth above its share. TileStep elsewhere. Any number of threads can work on it, but the cores exchange
/// activations. 28-64-64-1 at 1024 on two takes 1.18 times the time of the former.
StepParts step_parts(const NetworkSpec& network, std::size_t batch, std::size_t threads,
                     std::size_t element_bytes) noexcept;

/// How a step on a batch is shared by `ranks`: what each has a range of. Chunks where all ranks get the same
/// number of them or nearly so. Samples and rows (TileStep) elsewhere, where a rank then sends at most 2.2
/// times the parameters. It sends its activations to all, and its deltas to who needs them. Else chunks,
/// and ranks beyond their number have no work. `none`: there is one chunk. Reduction::allreduce cuts any
/// batch.
enum class RankParts { none, chunks, tiles };
RankParts rank_parts(const NetworkSpec& network, std::size_t batch, std::size_t ranks,
                     Reduction reduction) noexcept;

/// Ranks that have work in such a step.
std::size_t busy_ranks(const NetworkSpec& network, std::size_t batch, std::size_t ranks,
                       Reduction reduction) noexcept;

/// Backend::step() spread over a pool, on a backend with block_invariant. It leaves the same weights and the
/// same loss, bit for bit, on any number of threads. With Reduction::ordered it does so on any number of
/// ranks. The ranks share what rank_parts() says, which must not be none; all make the same calls.
template <typename T>
class ParallelStep {
 public:
  /// For batches of up to `batch` samples. The only place that allocates. All arguments must outlive the
  /// object. `interrupt` as in Workspace.
  ParallelStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch, ThreadPool& pool,
               const std::atomic<bool>* interrupt = nullptr, const StepRanks& ranks = {}) {
    const bool chunks =
        ranks.shards ||
        (ranks.alone() ? step_parts(network, batch, pool.threads(), sizeof(T)).chunks
                       : rank_parts(network, batch, ranks.size(), ranks.reduction) == RankParts::chunks);
    if (chunks) {
      by_chunks_ = std::make_unique<ChunkStep<T>>(backend, network, batch, pool, interrupt, ranks);
    } else {
      by_tiles_ = std::make_unique<TileStep<T>>(backend, network, batch, pool, interrupt, ranks);
    }
  }

  /// The samples that the next steps are on, where layers drop.
  void set_place(const DropoutPlace& place) noexcept {
    by_chunks_ ? by_chunks_->set_place(place) : by_tiles_->set_place(place);
  }

  /// Where the data are cut: X and Y of the next steps are this rank's part of a batch of so many samples.
  void set_batch(std::size_t samples) noexcept {
    if (by_chunks_) by_chunks_->set_batch(samples);
  }

  /// As Backend::step(). prepare(first, count) is called before a block of samples is read, by the thread
  /// that reads it. It may write these columns of X and Y. beside() is called once, some time during the
  /// step. Neither may throw.
  template <typename Prepare, typename Beside>
  double operator()(Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                    const OptimiserStep<T>& optimiser, T gradient_scale, Prepare prepare, Beside beside) {
    return by_chunks_ ? (*by_chunks_)(theta, X, Y, optimiser, gradient_scale, prepare, beside)
                      : (*by_tiles_)(theta, X, Y, optimiser, gradient_scale, prepare, beside);
  }

 private:
  // One of them.
  std::unique_ptr<ChunkStep<T>> by_chunks_;
  std::unique_ptr<TileStep<T>> by_tiles_;
};

}  // namespace mlpbench
