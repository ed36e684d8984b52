#pragma once

#include <cstddef>

#include "core/arithmetic.h"
#include "core/matrix_view.h"
#include "core/network.h"

namespace mlpbench {

/// Where a chunk or a block of samples may begin: whole cache lines of either precision.
inline constexpr std::size_t kBlockSamples = 16;

/// The chunks that a batch is cut into. Everything that is summed over samples, the gradients and the loss,
/// is summed within each chunk first and then over the chunks in their order. They depend on the network and
/// on the batch alone: never on a backend, an instruction set or the number of threads. Threads can
/// therefore take whole chunks and leave the serial trainer's bits. A chunk's activations are still in the
/// cache when they are read again.
///
/// Time of a serial step on AVX2 in chunks of 256, relative to the whole batch at once. 28-64-64-1 in
/// float32: 0.96 at a batch of 1024 and 0.82 at 4096. In float64 0.87 and 0.82, with OpenBLAS 1.00 and 0.99.
/// In chunks of 128 it is 1.03 times that of 256 (OpenBLAS 1.03), in chunks of 512 1.01 and in float64 1.05.
/// 784-512-512-10 at 1024 in chunks of 256: 1.01, OpenBLAS 1.05; in chunks of 512: 1.00 and 1.02.
class Chunks {
 public:
  /// As few as most_samples() allows, but a power of two, or a multiple of 16 above 16. Then 2, 4, 8 or 16
  /// threads get equal or nearly equal parts, and no chunk is much below half of most_samples(). Chunks are
  /// as even as whole cache lines of samples allow. A batch of 0 is one empty chunk.
  Chunks(const NetworkSpec& network, std::size_t batch) noexcept;

  /// The most samples of a chunk: 256, 512 or 1024. The activations and deltas of all layers stay within 320
  /// KiB in float32 and 640 in float64. They then fit a second-level cache of 1 MiB beside the weights.
  /// Networks that are too wide for 256 have 1024, because a chunk costs a pass over all weights there.
  static std::size_t most_samples(const NetworkSpec& network) noexcept;

  std::size_t count() const noexcept { return count_; }
  std::size_t first(std::size_t chunk) const noexcept { return chunk * width_; }
  std::size_t samples(std::size_t chunk) const noexcept {
    return chunk + 1 < count_ ? width_ : batch_ - first(chunk);
  }

  /// The columns of a chunk, of a matrix that has a column for every sample.
  template <typename T>
  MatrixView<T> part(MatrixView<T> batch, std::size_t chunk) const noexcept {
    return batch.columns(first(chunk), samples(chunk));
  }

 private:
  std::size_t batch_, count_, width_;
};

}  // namespace mlpbench
