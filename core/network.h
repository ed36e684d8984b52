#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/activation.h"
#include "core/matrix.h"

namespace mlpbench {

std::string_view to_string(Activation activation) noexcept;
std::string_view to_string(Loss loss) noexcept;

/// The loss of one batch is the mean over its samples of, summed over the outputs k:
///
///   binary_cross_entropy    -( y log(a + e) + (1 - y) log(1 - a + e) )      after sigmoid
///   softmax_cross_entropy   -y log(a + e)                                   after softmax
///   mean_squared_error      (a - y)^2                                       after any activation but softmax
///
/// with e = log_epsilon, the notebooks' 1e-8 or 0. A logarithm never sees less than the smallest normal
/// number of the precision, so a saturated output costs about 708 (float64) or 87 (float32) instead of
/// infinity or NaN; where NumPy's formula is finite the two agree.
///
/// The derivative that training uses is that of the loss for the cross-entropies (`a - y`; e is left out of
/// it, as the notebooks do) and of HALF the loss for the mean squared error (`(a - y) act'`).
struct LossSpec {
  Loss kind = Loss::binary_cross_entropy;
  double log_epsilon = 0.0;
};

struct LayerSpec {
  std::size_t units = 0;
  Activation activation = Activation::identity;
};

/// A multilayer perceptron: `inputs` features, then dense layers. Plain data; validate() says whether it is
/// one.
struct NetworkSpec {
  std::size_t inputs = 0;
  std::vector<LayerSpec> layers;
  LossSpec loss;

  std::size_t outputs() const noexcept { return layers.back().units; }

  /// Inputs of layer `l`, counted from 0.
  std::size_t inputs_of(std::size_t l) const noexcept { return l == 0 ? inputs : layers[l - 1].units; }

  /// The number of weights and biases.
  std::size_t parameter_count() const noexcept;

  /// The units of all layers.
  std::size_t unit_count() const noexcept;

  /// "30-10-1".
  std::string shape() const;

  /// Throws std::invalid_argument when a size is zero, softmax stands before the last layer, or the last
  /// activation does not belong to the loss.
  void validate() const;
};

/// All parameters of a network, or their gradients, in one buffer: W of layer 0 (units x inputs, row-major,
/// dense), b of layer 0, W of layer 1, ... An optimiser is one loop over all().
template <typename T>
class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(const NetworkSpec& network);

  std::size_t layers() const noexcept { return shapes_.size(); }
  MatrixView<T> W(std::size_t l) noexcept;
  MatrixView<const T> W(std::size_t l) const noexcept;
  std::span<T> b(std::size_t l) noexcept;
  std::span<const T> b(std::size_t l) const noexcept;
  std::span<T> all() noexcept { return buffer_.span(); }
  std::span<const T> all() const noexcept { return buffer_.span(); }

  /// Rounds every parameter of `other`, which must have the same shape.
  template <typename From>
  void assign(const Parameters<From>& other) noexcept {
    const std::span<const From> from = other.all();
    std::transform(from.begin(), from.end(), all().begin(), [](From v) { return static_cast<T>(v); });
  }

 private:
  struct LayerShape {
    std::size_t offset, units, inputs;
  };
  std::vector<LayerShape> shapes_;
  AlignedBuffer<T> buffer_;
};

}  // namespace mlpbench
