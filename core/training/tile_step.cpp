#include "core/training/tile_step.h"

#include <algorithm>

namespace mlpbench {
namespace {

/// Blocks a thread gets in each half of a step. With one each, a thread that the system suspends delays the
/// others. More are smaller, and kernels like wide ones.
constexpr std::size_t kBlocksPerThread = 4, kTilesPerThread = 4;

/// Samples of a block. Below 128 a kernel packs the weights for too few samples. 784-512-512-10 at 256 on two
/// threads took 1.04 times as long forward and backward in blocks of 64. So there are fewer blocks then, down
/// to one a thread, and only for that they become as narrow as 64. Above 512 the activations of a block leave
/// the second-level cache before they are read again.
constexpr std::size_t kNarrowest = 64, kNarrow = 128, kWidest = 512;

/// Chunks of a batch whose weights are updated tile by tile.
constexpr std::size_t kChunksAtOnce = 8;

/// Elements of dW in a tile that is worth a task.
constexpr std::size_t kSmallestTile = 256;

}  // namespace

std::size_t samples_of_block(std::size_t batch, std::size_t threads) noexcept {
  const std::size_t wanted = std::clamp(ceil_div(batch, threads * kBlocksPerThread), kNarrow, kWidest);
  return round_up(std::min(wanted, std::max(ceil_div(batch, threads), kNarrowest)), kBlockSamples);
}

template <typename T>
TileStep<T>::TileStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch,
                      ThreadPool& pool, const std::atomic<bool>* interrupt, const StepRanks& ranks)
    : backend_(backend),
      network_(network),
      pool_(pool),
      interrupt_(interrupt),
      ranks_(ranks),
      activations_(network, batch),
      gradient_(network),
      chunk_gradient_(Chunks(network, batch).count() > 1 ? Parameters<T>(network) : Parameters<T>()),
      discarded_(Matrix<T>::padded(network.outputs(), std::min(batch, Chunks::most_samples(network)))) {
  const std::size_t size = backend.block_scratch_size(network, batch);
  for (std::size_t thread_id = 0; thread_id < pool.threads(); ++thread_id) {
    scratch_.emplace_back(size + kThreadAlignment / sizeof(T));
  }
  plan_tiles();
}

template <typename T>
std::span<T> TileStep<T>::scratch(std::size_t thread_id) noexcept {
  return scratch_[thread_id].span();
}

template <typename T>
void TileStep<T>::plan_tiles() {
  for (std::size_t r = 0; r < ranks_.size(); ++r) {
    const std::size_t first = tiles_.size();
    plan_tiles(r);
    if (r == ranks_.rank()) own_tiles_ = {first, tiles_.size() - first};
  }
}

/// Layers are cut along their inputs first, into columns of whole cache lines. A backend that transposes X
/// transposes it all for every cut along the units. Those are for layers of few inputs on many threads.
/// Rejected: as many tiles of every layer as make an even number for all threads, columns that fill a
/// backend's packing, twice as many tiles. Each took 0.96 to 1.03 of the time for 784-512-512-10 at 256.
template <typename T>
void TileStep<T>::plan_tiles(std::size_t rank) {
  const auto rows_of = [&](std::size_t l) {
    return range_of_rank(network_.layers[l].units, rank, ranks_.size());
  };
  std::size_t weights = 0;
  for (std::size_t l = 0; l < network_.layers.size(); ++l)
    weights += rows_of(l).count * network_.inputs_of(l);
  const std::size_t wanted = std::max(kSmallestTile, ceil_div(weights, pool_.threads() * kTilesPerThread));
  const std::size_t before = tiles_.size();
  for (std::size_t l = 0; l < network_.layers.size(); ++l) {
    const IndexRange units = rows_of(l);
    if (units.count == 0) continue;
    const std::size_t inputs = network_.inputs_of(l), end = units.first + units.count;
    const std::size_t pieces = ceil_div(units.count * inputs, wanted);
    const std::size_t cols = round_up(ceil_div(inputs, pieces), kBlockSamples);
    const std::size_t rows = ceil_div(units.count, std::max<std::size_t>(pieces / ceil_div(inputs, cols), 1));
    for (std::size_t row = units.first; row < end; row += rows) {
      for (std::size_t col = 0; col < inputs; col += cols) {
        tiles_.push_back({l, {row, std::min(rows, end - row), col, std::min(cols, inputs - col)}});
      }
    }
  }
  std::stable_sort(
      tiles_.begin() + static_cast<std::ptrdiff_t>(before), tiles_.end(),
      [](const Tile& a, const Tile& b) { return a.block.rows * a.block.cols > b.block.rows * b.block.cols; });
}

/// Forward and backward for the samples [first, first + X.cols), up to the dZ of all layers.
template <typename T>
void TileStep<T>::differentiate(const Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                                std::size_t first, std::size_t thread_id) noexcept {
  const std::size_t last = network_.layers.size() - 1, batch = first + X.cols;
  const auto A = [&](std::size_t l) { return activations_.A(l, batch).columns(first, X.cols); };
  const auto dZ = [&](std::size_t l) { return activations_.dZ(l, batch).columns(first, X.cols); };
  for (std::size_t l = 0; l <= last; ++l) {
    if (interrupted()) return;
    const MatrixView<const T> input = l == 0 ? X : activations_.passed(l - 1, batch).columns(first, X.cols);
    backend_.dense_forward(theta.W(l), theta.b(l), input, network_.layers[l].activation, A(l),
                           scratch(thread_id), activations_.Z(l, first, X.cols));
    activations_.drop(network_, l, first, X.cols, place_.from(first));
  }
  backend_.output_delta(network_.loss, network_.layers[last].activation, A(last), Y, dZ(last),
                        activations_.Z(last, first, X.cols));
  for (std::size_t l = last; l > 0 && !interrupted(); --l) {
    backend_.input_delta(theta.W(l), dZ(l), activations_.saved(l - 1, batch).columns(first, X.cols),
                         network_.layers[l - 1].activation, dZ(l - 1), scratch(thread_id));
    activations_.drop_delta(l - 1, first, X.cols);
  }
}

template <typename T>
double TileStep<T>::whole_loss(MatrixView<const T> Y) noexcept {
  const std::size_t last = network_.layers.size() - 1;
  const Chunks chunks(network_, Y.cols);
  double loss = 0.0;
  for (std::size_t c = 0; c < chunks.count(); ++c) {
    loss += backend_.output_delta(network_.loss, network_.layers[last].activation,
                                  chunks.part<const T>(activations_.A(last, Y.cols), c), chunks.part(Y, c),
                                  discarded_.view().columns(0, chunks.samples(c)),
                                  activations_.Z(last, chunks.first(c), chunks.samples(c)));
  }
  return loss;
}

/// Beside the second half of more than 8 chunks, a third fork and join costs nothing. Ranks have one for an
/// optimiser with a state, which all ranks keep the whole of.
template <typename T>
bool TileStep<T>::updates_apart(const OptimiserStep<T>& optimiser, std::size_t samples) const noexcept {
  return (!ranks_.alone() && optimiser.state.rows > 0) || optimiser.clips() ||
         Chunks(network_, samples).count() > kChunksAtOnce;
}

/// The gradient of one tile, summed over the chunks, and its update where that needs no other tile's.
template <typename T>
void TileStep<T>::update_tile(const Tile& tile, Parameters<T>& theta, MatrixView<const T> X,
                              const OptimiserStep<T>& optimiser, T gradient_scale,
                              std::size_t thread_id) noexcept {
  const std::size_t l = tile.layer;
  const MatrixView<const T> dZ = activations_.dZ(l, X.cols),
                            input = l == 0 ? X : activations_.passed(l - 1, X.cols);
  const Chunks chunks(network_, X.cols);
  const bool apart = updates_apart(optimiser, X.cols);
  for (std::size_t c = 0; c < chunks.count(); ++c) {
    if (apart && interrupted()) return;
    Parameters<T>& gradient = c == 0 ? gradient_ : chunk_gradient_;
    backend_.weight_gradient_block(chunks.part(dZ, c), chunks.part(input, c), gradient_scale, gradient.W(l),
                                   gradient.b(l), tile.block, scratch(thread_id));
    if (c == 0) continue;
    for_each_range(tile, [&](std::size_t first, std::size_t count) {
      backend_.accumulate(gradient_.all().subspan(first, count), gradient.all().subspan(first, count));
    });
  }
  if (apart) return;
  for_each_range(tile, [&](std::size_t first, std::size_t count) {
    backend_.update_range(optimiser, theta, gradient_, first, count);
  });
}

template <typename T>
void TileStep<T>::update(Parameters<T>& theta, const OptimiserStep<T>& optimiser) {
  const OptimiserStep<T> clipped = optimiser.clipped(gradient_.all());
  pool_.for_each(tiles_.size(), [&](std::size_t task, std::size_t) {
    for_each_range(tiles_[task], [&](std::size_t first, std::size_t count) {
      backend_.update_range(clipped, theta, gradient_, first, count);
    });
  });
}

/// body(row) for the rows that a rank sends to rank `to`, each of all samples. To every rank the
/// activations of its samples, which a dW needs all of. Of the deltas a rank needs those of its own units
/// alone.
template <typename T>
template <typename Body>
void TileStep<T>::for_each_sent_row(std::size_t to, std::size_t batch, Body body) noexcept {
  const auto rows_of = [&](MatrixView<T> of, const IndexRange& rows) {
    for (std::size_t i = 0; i < rows.count; ++i) body(of.row(rows.first + i));
  };
  const std::size_t last = network_.layers.size() - 1;
  for (std::size_t l = 0; l <= last; ++l) {
    const MatrixView<T> A = l < last ? activations_.passed(l, batch) : activations_.A(l, batch);
    rows_of(A, {0, A.rows});
    rows_of(activations_.dZ(l, batch), range_of_rank(A.rows, to, ranks_.size()));
  }
  const MatrixView<T> Z = activations_.Z(last, 0, batch);
  rows_of(Z, {0, Z.rows});
}

/// Begins to send and to receive what the ranks computed for their samples. A message is dense: its rows one
/// after the other, of the columns of its sender's samples.
template <typename T>
void TileStep<T>::begin_to_exchange(std::size_t batch) {
  const std::size_t size = ranks_.size(), own = ranks_.rank();
  const auto samples_of = [&](std::size_t r) { return samples_of_rank(batch, r, size); };
  const auto rows_to = [&](std::size_t r) {
    std::size_t rows = 0;
    for_each_sent_row(r, batch, [&](const T*) { ++rows; });
    return rows;
  };
  const std::size_t arriving = rows_to(own) * (batch - samples_of(own).count);
  std::size_t leaving = 0;
  for (std::size_t r = 0; r < size; ++r) leaving += r == own ? 0 : rows_to(r) * samples_of(own).count;
  if (exchanged_.size() < arriving + leaving) exchanged_ = AlignedBuffer<T>(arriving + leaving);
  T* next = exchanged_.data();
  for (std::size_t r = 0; r < size; ++r) {
    if (r == own) continue;
    const std::span<T> message(next, rows_to(own) * samples_of(r).count);
    arriving_.push_back(ranks_.all->receive(std::as_writable_bytes(message), r));
    next += message.size();
  }
  for (std::size_t step = 1; step < size; ++step) {
    const std::size_t to = (own + step) % size;
    const T* const begin = next;
    for_each_sent_row(to, batch, [&](const T* row) {
      next = std::copy_n(row + samples_of(own).first, samples_of(own).count, next);
    });
    leaving_.push_back(ranks_.all->send(std::as_bytes(std::span(begin, next)), to));
  }
}

/// Puts what the other ranks sent into its place.
template <typename T>
void TileStep<T>::end_exchange(std::size_t batch) {
  const T* from = exchanged_.data();
  for (std::size_t r = 0, n = 0; r < ranks_.size(); ++r) {
    if (r == ranks_.rank()) continue;
    const IndexRange samples = samples_of_rank(batch, r, ranks_.size());
    ranks_.all->wait(arriving_[n++]);
    for_each_sent_row(ranks_.rank(), batch, [&](T* row) {
      std::copy_n(from, samples.count, row + samples.first);
      from += samples.count;
    });
  }
  arriving_.clear();
  wait_for(leaving_);
}

template <typename T>
void TileStep<T>::wait_for(std::vector<Communicator::Request>& requests) {
  for (const Communicator::Request request : requests) ranks_.all->wait(request);
  requests.clear();
}

/// Gives every rank the rows of W and b, or of dW and db, that the others computed, from and to where they
/// stand.
template <typename T>
void TileStep<T>::gather_rows(Parameters<T>& of) {
  const std::size_t size = ranks_.size(), own = ranks_.rank();
  const auto for_each_part = [&](std::size_t rank, auto body) {
    for (std::size_t l = 0; l < network_.layers.size(); ++l) {
      const IndexRange rows = range_of_rank(network_.layers[l].units, rank, size);
      const MatrixView<T> W = of.W(l);
      body(std::span(W.row(rows.first), rows.count * W.cols));
      body(of.b(l).subspan(rows.first, rows.count));
    }
  };
  for (std::size_t step = 1; step < size; ++step) {
    const std::size_t from = (own + size - step) % size, to = (own + step) % size;
    for_each_part(from, [&](std::span<T> part) {
      arriving_.push_back(ranks_.all->receive(std::as_writable_bytes(part), from));
    });
    for_each_part(own,
                  [&](std::span<T> part) { leaving_.push_back(ranks_.all->send(std::as_bytes(part), to)); });
  }
  wait_for(arriving_);
  wait_for(leaving_);
}

/// body(first, count) for every contiguous range of the parameters that a tile has. Biases belong to the tile
/// that begins at column 0.
template <typename T>
template <typename Body>
void TileStep<T>::for_each_range(const Tile& tile, Body body) const noexcept {
  const MatrixView<const T> W = gradient_.W(tile.layer);
  const Block& block = tile.block;
  const std::size_t begin = static_cast<std::size_t>(W.data - gradient_.all().data());
  const std::size_t biases = begin + W.rows * W.cols;
  if (block.cols == W.cols) {  // whole rows are contiguous
    body(begin + block.row * W.cols, block.rows * W.cols);
  } else {
    for (std::size_t u = block.row; u < block.row + block.rows; ++u) {
      body(begin + u * W.cols + block.col, block.cols);
    }
  }
  if (block.col == 0) body(biases + block.row, block.rows);
}

template class TileStep<float>;
template class TileStep<double>;

}  // namespace mlpbench
