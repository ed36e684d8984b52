#include "core/training/parallel_step.h"

#include <algorithm>

namespace mlpbench {
namespace {

/// Blocks a thread gets in each half of a step: with one each, a thread that the system holds back holds back
/// the others; more are smaller, and kernels like wide ones.
constexpr std::size_t kBlocksPerThread = 4, kTilesPerThread = 4;

/// Samples of a block. Below, the rows of W are fetched for too few samples; above, the activations of a
/// block leave the second-level cache before they are read again.
constexpr std::size_t kNarrowest = 64, kWidest = 512;

/// Elements of dW in a tile that is worth a task.
constexpr std::size_t kSmallestTile = 256;

constexpr std::size_t parts(std::size_t n, std::size_t size) { return (n + size - 1) / size; }
constexpr std::size_t round_up(std::size_t n, std::size_t to) { return parts(n, to) * to; }

constexpr std::size_t samples_of_block(std::size_t batch, std::size_t threads) {
  return round_up(std::clamp(parts(batch, threads * kBlocksPerThread), kNarrowest, kWidest), kBlockSamples);
}

}  // namespace

std::size_t step_blocks(std::size_t batch, std::size_t threads) noexcept {
  return parts(batch, samples_of_block(batch, threads));
}

template <typename T>
ParallelStep<T>::ParallelStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch,
                              ThreadTeam& team)
    : backend_(backend),
      network_(network),
      team_(team),
      workspace_(backend, network, batch),
      discarded_(Matrix<T>::padded(network.outputs(), batch)) {
  const std::size_t size = backend.block_scratch_size(network, batch);
  for (std::size_t slot = 0; slot < team.threads(); ++slot) {
    scratch_.emplace_back(size + kThreadAlignment / sizeof(T));
  }
  plan_tiles();
}

template <typename T>
std::span<T> ParallelStep<T>::scratch(std::size_t slot) noexcept {
  return scratch_[slot].span();
}

/// Layers are cut along their inputs first, into columns of whole cache lines: a backend that transposes X
/// transposes it all for every cut along the units. Those are for layers of few inputs on many threads.
template <typename T>
void ParallelStep<T>::plan_tiles() {
  std::size_t weights = 0;
  for (std::size_t l = 0; l < network_.layers.size(); ++l) {
    weights += network_.layers[l].units * network_.inputs_of(l);
  }
  const std::size_t wanted = std::max(kSmallestTile, parts(weights, team_.threads() * kTilesPerThread));
  for (std::size_t l = 0; l < network_.layers.size(); ++l) {
    const std::size_t units = network_.layers[l].units, inputs = network_.inputs_of(l);
    const std::size_t pieces = parts(units * inputs, wanted);
    const std::size_t cols = round_up(parts(inputs, pieces), kBlockSamples);
    const std::size_t rows = parts(units, std::max<std::size_t>(pieces / parts(inputs, cols), 1));
    for (std::size_t row = 0; row < units; row += rows) {
      for (std::size_t col = 0; col < inputs; col += cols) {
        tiles_.push_back({l, {row, std::min(rows, units - row), col, std::min(cols, inputs - col)}});
      }
    }
  }
  std::stable_sort(tiles_.begin(), tiles_.end(), [](const Tile& a, const Tile& b) {
    return a.block.rows * a.block.cols > b.block.rows * b.block.cols;
  });
}

template <typename T>
std::size_t ParallelStep<T>::block_width(std::size_t batch) const noexcept {
  return samples_of_block(batch, team_.threads());
}

/// The block that a task differentiates: the tasks of one slot (ThreadTeam::for_each()) are blocks side by
/// side. With the blocks of two threads in alternation the hardware's prefetching read into the other's,
/// whose next store then had to fetch the line back: 28-64-64-1 at 1024, 0.93 of the speed of the first half.
template <typename T>
std::size_t ParallelStep<T>::block_of(std::size_t task, std::size_t blocks) const noexcept {
  const std::size_t slots = std::min(team_.threads(), blocks), slot = task % slots;
  return slot * (blocks / slots) + std::min(slot, blocks % slots) + task / slots;
}

/// Forward and backward for the samples [first, first + X.cols), up to the dZ of all layers.
template <typename T>
void ParallelStep<T>::differentiate(const Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                                    std::size_t first, std::size_t slot) noexcept {
  const std::size_t last = network_.layers.size() - 1, batch = first + X.cols;
  const auto A = [&](std::size_t l) { return workspace_.A(l, batch).columns(first, X.cols); };
  const auto dZ = [&](std::size_t l) { return workspace_.dZ(l, batch).columns(first, X.cols); };
  for (std::size_t l = 0; l <= last; ++l) {
    const MatrixView<const T> input = l == 0 ? X : A(l - 1);
    backend_.dense_forward(theta.W(l), theta.b(l), input, network_.layers[l].activation, A(l), scratch(slot));
  }
  backend_.output_delta(network_.loss, network_.layers[last].activation, A(last), Y, dZ(last));
  for (std::size_t l = last; l > 0; --l) {
    backend_.input_delta(theta.W(l), dZ(l), A(l - 1), network_.layers[l - 1].activation, dZ(l - 1),
                         scratch(slot));
  }
}

template <typename T>
double ParallelStep<T>::whole_loss(MatrixView<const T> Y) noexcept {
  const std::size_t last = network_.layers.size() - 1;
  return backend_.output_delta(network_.loss, network_.layers[last].activation, workspace_.A(last, Y.cols), Y,
                               discarded_.view().columns(0, Y.cols));
}

/// The gradient of one tile, and its update. Biases belong to the tile that begins at column 0.
template <typename T>
void ParallelStep<T>::descend(const Tile& tile, Parameters<T>& theta, MatrixView<const T> X, T rate,
                              T gradient_scale, std::size_t slot) noexcept {
  const auto [l, block] = tile;
  Parameters<T>& gradient = workspace_.gradients();
  const MatrixView<T> dW = gradient.W(l), W = theta.W(l);
  const MatrixView<const T> input = l == 0 ? X : workspace_.A(l - 1, X.cols);
  backend_.weight_gradient_block(workspace_.dZ(l, X.cols), input, gradient_scale, dW, gradient.b(l), block,
                                 scratch(slot));
  if (block.cols == W.cols) {  // whole rows are contiguous
    backend_.update({W.row(block.row), block.rows * W.cols}, {dW.row(block.row), block.rows * W.cols}, rate);
  } else {
    for (std::size_t u = block.row; u < block.row + block.rows; ++u) {
      backend_.update({W.row(u) + block.col, block.cols}, {dW.row(u) + block.col, block.cols}, rate);
    }
  }
  if (block.col == 0) {
    backend_.update(theta.b(l).subspan(block.row, block.rows), gradient.b(l).subspan(block.row, block.rows),
                    rate);
  }
}

template class ParallelStep<float>;
template class ParallelStep<double>;

}  // namespace mlpbench
