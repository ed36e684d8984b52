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
                     Activation activation, MatrixView<T> A, std::span<T> scratch,
                     MatrixView<T> Z) const noexcept override {
    kernels_.dense_forward(W, b.data(), X, activation, A, scratch.data(), Z);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    return kernels_.output_delta(loss, activation, A, Y, dZ, Z);
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T> scratch) const noexcept override {
    kernels_.weight_gradient(dZ, X, scale, dW, db.data(), scratch.data(), dW.rows, dW.cols);
  }

  void weight_gradient_block(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                             std::span<T> db, Block block, std::span<T> scratch) const noexcept override {
    kernels_.weight_gradient(dZ.row_range(block.row, block.rows), X.row_range(block.col, block.cols), scale,
                             dW.row_range(block.row, block.rows).columns(block.col, block.cols),
                             block.col == 0 ? db.data() + block.row : nullptr, scratch.data(), dW.rows,
                             dW.cols);
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev,
                   std::span<T> scratch) const noexcept override {
    kernels_.input_delta(W, dZ, saved_prev, activation, dZ_prev, scratch.data());
  }

  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    kernels_.update(rule, theta.data(), gradient.data(), theta.size(), state);
  }

  void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept override {
    kernels_.accumulate(sum.data(), addend.data(), sum.size());
  }

  double chunk_gradients(const NetworkSpec& network, const Parameters<T>& theta, MatrixView<const T> X,
                         MatrixView<const T> Y, T gradient_scale, Parameters<T>& gradient,
                         Workspace<T>& workspace) const noexcept override {
    if (!is_fused(network)) {
      return Backend<T>::chunk_gradients(network, theta, X, Y, gradient_scale, gradient, workspace);
    }
    return kernels_.fused_gradients({X, Y, network.layers[0].units, network.layers[0].activation,
                                     network.loss, theta.all().data(), gradient.all().data(),
                                     gradient_scale});
  }

  std::size_t scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept override {
    std::size_t size = 0;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
      size = std::max(size, kernels_.layer_scratch(network.layers[l].units, network.inputs_of(l), batch));
    }
    return size;
  }

 private:
  static bool is_fused(const NetworkSpec& network) {
    const LossInfo& loss = info(network.loss.kind);
    return network.layers.size() == 2 && network.outputs() == 1 && network.inputs <= simd::kFusedInputs &&
           network.layers[0].units <= simd::kFusedUnits && network.layers[0].dropout == 0.0 &&
           network.layers[1].activation == loss.canonical &&
           simd::is_fused(info(network.layers[0].activation)) && simd::is_fused(loss);
  }

  const simd::KernelTable<T>& kernels_;
};

}  // namespace mlpbench
