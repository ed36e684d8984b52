#pragma once

#include <algorithm>

#include "backends/registry.h"
#include "backends/simd/kernel_table.h"

namespace mlpbench {

/// A Backend on a table of kernels. Compiled with the baseline flags: it exists on CPUs that cannot run the
/// kernels.
template <typename T>
class SimdBackend final : public Backend<T> {
 public:
  explicit SimdBackend(const simd::KernelTable<T>& kernels) : kernels_(kernels) {}

  const simd::KernelTable<T>& kernels() const noexcept { return kernels_; }

  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T> scratch) const noexcept override {
    kernels_.dense_forward(W, b.data(), X, activation, A, scratch.data());
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ) const noexcept override {
    return kernels_.output_delta(loss.kind, static_cast<T>(loss.log_epsilon), activation, A, Y, dZ);
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T> scratch) const noexcept override {
    kernels_.weight_gradient(dZ, X, scale, dW, db.data(), scratch.data());
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> A_prev,
                   Activation activation, MatrixView<T> dZ_prev,
                   std::span<T> scratch) const noexcept override {
    kernels_.input_delta(W, dZ, A_prev, activation, dZ_prev, scratch.data());
  }

  void update(std::span<T> theta, std::span<const T> gradient, T rate) const noexcept override {
    kernels_.update(theta.data(), gradient.data(), theta.size(), rate);
  }

  std::size_t scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept override {
    std::size_t size = 0;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
      size = std::max(size, kernels_.layer_scratch(network.layers[l].units, network.inputs_of(l), batch));
    }
    return size;
  }

 private:
  const simd::KernelTable<T>& kernels_;
};

}  // namespace mlpbench
