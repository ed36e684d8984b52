// The backend of a library that multiplies matrices: every product of a training is the library's, small ones
// included. The rest, activations, losses and sums of rows, is elementwise. It runs on the templates of
// backends/simd over the baseline's 16-byte vectors, so that it is not the slow part.
//
// Included by one file of a backend; everything it takes from backends/simd has internal linkage.
#pragma once

#include <algorithm>

#include "backends/simd/vec_baseline.h"
#include "core/backend.h"
//
#include "backends/simd/elementwise.h"

namespace mlpbench {

enum class Transpose : bool { no, yes };

/// `Products` is the library for element type T:
///   product(transA, transB, k, alpha, A, B, beta, C, scratch)
///       C = alpha op(A) op(B) + beta C with k terms, k > 0; where beta is 0, C may hold NaN before
///   axpy(alpha, x, y)
///       y = y + alpha x, of equal sizes
///   scratch_size(inputs, units, batch)
///       elements of scratch that the products of a layer want; called when a network is planned, so a
///       library that compiles kernels may do so there
template <typename T, typename Products>
class ProductBackend final : public Backend<T> {
  using V = simd::Vec<T>;

 public:
  explicit ProductBackend(Products products) : products_(products) {}

  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T> scratch,
                     MatrixView<T> Z) const noexcept override {
    const MatrixView<T> sums = Z.empty() ? A : Z;
    simd::broadcast<V>(b, sums);
    if (W.cols > 0 && !sums.empty()) {
      products_.product(Transpose::no, Transpose::no, W.cols, T{1}, W, X, T{1}, sums, scratch);
    }
    simd::activate<V, T>(activation, sums, A);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    return simd::output_delta<V>(loss, activation, A, Y, dZ, Z);
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T> scratch) const noexcept override {
    simd::scaled_row_sums<V>(dZ, scale, db.data());
    product_or_zero(Transpose::no, Transpose::yes, dZ.cols, scale, dZ, X, dW, scratch);
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev,
                   std::span<T> scratch) const noexcept override {
    product_or_zero(Transpose::yes, Transpose::no, W.rows, T{1}, W, dZ, dZ_prev, scratch);
    simd::multiply_by_derivative<V>(activation, saved_prev, dZ_prev);
  }

  /// Plain SGD is the library's axpy; other optimisers run on the vectors of the baseline.
  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    if (!rule.is_plain_sgd())
      return simd::update<V>(rule, theta.data(), gradient.data(), theta.size(), state);
    products_.axpy(-rule.coefficients[0], gradient, theta);
  }

  void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept override {
    products_.axpy(T{1}, addend, sum);
  }

  std::size_t scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept override {
    std::size_t size = 0;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
      size = std::max(size, products_.scratch_size(network.inputs_of(l), network.layers[l].units, batch));
    }
    return size;
  }

 private:
  /// C = alpha op(A) op(B). Without terms the product is 0: OpenBLAS has returned what C held before for k
  /// = 0 and beta = 0 (its issue 2914).
  void product_or_zero(Transpose transA, Transpose transB, std::size_t k, T alpha, MatrixView<const T> A,
                       MatrixView<const T> B, MatrixView<T> C, std::span<T> scratch) const {
    if (C.empty()) return;
    if (k > 0) return products_.product(transA, transB, k, alpha, A, B, T{0}, C, scratch);
    for (std::size_t u = 0; u < C.rows; ++u) std::fill_n(C.row(u), C.cols, T{0});
  }

  Products products_;
};

}  // namespace mlpbench
