#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/loss.h"
#include "core/matrix.h"

namespace mlpbench {

struct LayerSpec {
  std::size_t units = 0;
  Activation activation = Activation::identity;
  double dropout = 0.0;  ///< of a hidden layer: the part of its outputs that training drops (core/dropout.h)

  /// Numbers that a step keeps of a sample for each unit: A, dZ, and Z where the derivative needs it. A
  /// layer with dropout also keeps its masks and the masked output.
  std::size_t kept() const noexcept {
    return (info(activation).needs_z ? 3 : 2) + (dropout != 0.0 ? std::size_t{2} : std::size_t{0});
  }
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

  /// Throws std::invalid_argument when a size is zero, softmax is not in the last layer, or the last
  /// activation does not belong to the loss. Also when dropout is not in [0, 1), or not 0 in the last layer.
  void validate() const;
};

/// All parameters of a network, or their gradients, in one buffer. The order is W of layer 0 (units x inputs,
/// row-major, dense), b of layer 0, W of layer 1 and so on. An optimiser is one loop over all().
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

  /// Calls body(first, count, is_weights) for each part of [first, first + count) of all(), in order. A part
  /// is in the weights or in the biases of one layer.
  template <typename Body>
  void for_each_part(std::size_t first, std::size_t count, Body body) const {
    const std::size_t end = first + count;
    for (const LayerShape& s : shapes_) {
      const std::size_t biases = s.offset + s.units * s.inputs;
      const auto part = [&](std::size_t from, std::size_t to, bool is_weights) {
        from = std::max(from, first);
        to = std::min(to, end);
        if (from < to) body(from, to - from, is_weights);
      };
      part(s.offset, biases, true);
      part(biases, biases + s.units, false);
    }
  }

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
