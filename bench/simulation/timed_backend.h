#pragma once

#include "backends/operations/work.h"
#include "bench/simulation/smpi_ranks.h"
#include "core/backend.h"

namespace mlpbench {

/// What computing takes on a node.
struct ComputeTimes {
  double flop = 0.0;       ///< seconds of one, of the products of a step
  double parameter = 0.0;  ///< of updating one parameter
  double addition = 0.0;   ///< of adding one number to another
};

/// Computes nothing: its operations take the simulated time that the products of their formulas take. Its
/// results are arbitrary, except for a loss of 1 a sample.
template <typename T>
class TimedBackend final : public Backend<T> {
 public:
  explicit TimedBackend(const ComputeTimes& times) : times_(times) {}

  void dense_forward(MatrixView<const T> W, std::span<const T>, MatrixView<const T> X, Activation,
                     MatrixView<T>, std::span<T>, MatrixView<T>) const noexcept override {
    product(W, X.cols);
  }
  double output_delta(const LossSpec&, Activation, MatrixView<const T> A, MatrixView<const T>, MatrixView<T>,
                      MatrixView<const T>) const noexcept override {
    return static_cast<double>(A.cols);
  }
  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T>, T, MatrixView<T> dW, std::span<T>,
                       std::span<T>) const noexcept override {
    product(dW, dZ.cols);
  }
  void weight_gradient_block(MatrixView<const T> dZ, MatrixView<const T>, T, MatrixView<T>, std::span<T>,
                             Block block, std::span<T>) const noexcept override {
    simulate_work(times_.flop * LayerShape{block.rows, block.cols, dZ.cols}.product_flop());
  }
  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T>, Activation,
                   MatrixView<T>, std::span<T>) const noexcept override {
    product(W, dZ.cols);
  }
  void update(const UpdateRule<T>&, std::span<T> theta, std::span<const T>,
              MatrixView<T>) const noexcept override {
    simulate_work(times_.parameter * static_cast<double>(theta.size()));
  }
  void accumulate(std::span<T> sum, std::span<const T>) const noexcept override {
    simulate_work(times_.addition * static_cast<double>(sum.size()));
  }

 private:
  void product(MatrixView<const T> W, std::size_t batch) const noexcept {
    simulate_work(times_.flop * LayerShape{W.rows, W.cols, batch}.product_flop());
  }

  ComputeTimes times_;
};

}  // namespace mlpbench
