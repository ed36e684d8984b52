#pragma once

#include <cstddef>
#include <vector>

#include "core/backend.h"
#include "core/training/thread_team.h"

namespace mlpbench {

/// Blocks of samples that ParallelStep cuts a batch into: a few for each thread, as far as they do not become
/// so narrow that kernels suffer. A batch of 64 is one.
std::size_t step_blocks(std::size_t batch, std::size_t threads) noexcept;

/// Backend::step() spread over a team: the same weights and the same loss, bit for bit, on any number of
/// threads, on a backend with bits_by_block.
///
/// Owner computes. Every element of every result has one task that computes the whole of it, with the
/// backend's own operation on a block (core/backend.h, "Blocks"), so that no sum is split and nothing depends
/// on the blocks; these may follow the number of threads. Two forks and joins a step:
///   1. blocks of samples   forward through all layers, dZ of the last, dZ down to the first: a sample needs
///   no
///                          other sample's anything
///   2. blocks of weights   dW and db over the whole batch, and their update; beside them the loss, once more
///                          and over the whole batch, because its sum has one order only there
/// Against partial gradients of chunks that are added in a tree, this needs no memory for partial gradients
/// and no pass over them (2.7 MB a chunk for 784-512-512-10), and the serial trainer stays as it is.
template <typename T>
class ParallelStep {
 public:
  /// For batches of up to `batch` samples. The only place that allocates. All arguments must outlive the
  /// object.
  ParallelStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch, ThreadTeam& team);

  /// As Backend::step(). prepare(first, count) is called before a block of samples is read, by the thread
  /// that reads it: it may write these columns of X and Y. beside() is called once, some time during the
  /// step. Neither may throw.
  template <typename Prepare, typename Beside>
  double operator()(Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y, T rate,
                    T gradient_scale, Prepare prepare, Beside beside) {
    const std::size_t width = block_width(X.cols), blocks = (X.cols + width - 1) / width;
    team_.for_each(blocks, [&](std::size_t task, std::size_t slot) {
      const std::size_t first = block_of(task, blocks) * width, count = std::min(width, X.cols - first);
      prepare(first, count);
      differentiate(theta, X.columns(first, count), Y.columns(first, count), first, slot);
    });
    double loss = 0.0;
    team_.for_each(tiles_.size() + 2, [&](std::size_t task, std::size_t slot) {
      if (task == 0) {
        beside();
      } else if (task == 1) {
        loss = whole_loss(Y);
      } else {
        descend(tiles_[task - 2], theta, X, rate, gradient_scale, slot);
      }
    });
    return loss;
  }

 private:
  /// A block of the weights of one layer.
  struct Tile {
    std::size_t layer;
    Block block;
  };

  void plan_tiles();
  std::size_t block_width(std::size_t batch) const noexcept;
  std::size_t block_of(std::size_t task, std::size_t blocks) const noexcept;
  void differentiate(const Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                     std::size_t first, std::size_t slot) noexcept;
  double whole_loss(MatrixView<const T> Y) noexcept;
  void descend(const Tile& tile, Parameters<T>& theta, MatrixView<const T> X, T rate, T gradient_scale,
               std::size_t slot) noexcept;
  std::span<T> scratch(std::size_t slot) noexcept;

  const Backend<T>& backend_;
  const NetworkSpec& network_;
  ThreadTeam& team_;
  Workspace<T> workspace_;
  Matrix<T> discarded_;  ///< the second dZ of the last layer, which comes with the loss
  std::vector<AlignedBuffer<T>> scratch_;
  std::vector<Tile> tiles_;  ///< the largest first
};

}  // namespace mlpbench
