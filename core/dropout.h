// Dropout of hidden layers while they train: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R.
// Salakhutdinov, Dropout: a simple way to prevent neural networks from overfitting, JMLR 15, 2014, section 4.
// In the inverted form what is kept is divided by the part that is kept, so that predictions take the
// network as it is. With a rate p
//   mask = 0 with probability p, else 1 / (1 - p),
//   the next layer reads A * mask, and dA = mask * the derivative in A * mask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/matrix_view.h"

namespace mlpbench {

/// What the masks of some samples depend on besides the layer and its rate. So a sample has the same mask in
/// an epoch in every batch, chunk, thread and worker.
struct DropoutPlace {
  std::uint32_t seed = 0;                       ///< of the run
  std::uint32_t epoch = 0;                      ///< counted from 0
  std::span<const std::uint32_t> samples = {};  ///< rows of the training data in the order of columns
  std::size_t first = 0;                        ///< column 0 is samples[first], or sample `first` of all
  std::uint32_t row = 0;                        ///< of all the data, that is sample 0 here

  /// The same for the columns from `column` on.
  DropoutPlace from(std::size_t column) const noexcept { return {seed, epoch, samples, first + column, row}; }

  std::uint32_t sample(std::size_t column) const noexcept {
    return row + (samples.empty() ? static_cast<std::uint32_t>(first + column) : samples[first + column]);
  }
};

/// The masks (units x samples) of hidden layer `layer`, counted from 0. Element (u, n) is 0 where word u % 4
/// of Philox4x32-10 is less than rate 2^32. The counter is (u / 4, layer, sample n, epoch) and the key (seed,
/// 0).
template <typename T>
void draw_masks(double rate, std::size_t layer, const DropoutPlace& place, MatrixView<T> masks) noexcept;

/// product = A * masks, element by element; may be A.
template <typename T>
void multiply_by_masks(MatrixView<const T> A, MatrixView<const T> masks, MatrixView<T> product) noexcept;

}  // namespace mlpbench
