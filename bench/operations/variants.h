// The variants between plain loops and the fused step, as backends that differ in one thing each.
#pragma once

#include <algorithm>

#include "backends/registry.h"

namespace mlpbench {

/// Another backend's five operations. Gradients are composed of them, even where that backend overrides them.
template <typename T>
class Composed : public Backend<T> {
 public:
  explicit Composed(const Backend<T>& inner) : inner_(inner) {}

  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T> scratch,
                     MatrixView<T> Z) const noexcept override {
    inner_.dense_forward(W, b, X, activation, A, scratch, Z);
  }
  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    return inner_.output_delta(loss, activation, A, Y, dZ, Z);
  }
  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T> scratch) const noexcept override {
    inner_.weight_gradient(dZ, X, scale, dW, db, scratch);
  }
  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev,
                   std::span<T> scratch) const noexcept override {
    inner_.input_delta(W, dZ, saved_prev, activation, dZ_prev, scratch);
  }
  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    inner_.update(rule, theta, gradient, state);
  }
  void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept override {
    inner_.accumulate(sum, addend);
  }
  std::size_t scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept override {
    return inner_.scratch_size(network, batch);
  }

 protected:
  const Backend<T>& inner_;
};

/// `naive` with the loops of two products in an order that reads and writes rows. The innermost one runs over
/// samples (forward) or sums two rows' products (weight gradient). The input delta, small here, stays
/// naive's. The compiler vectorises the former at the baseline; it may not reorder the sums of the latter.
template <typename T>
class LoopOrder final : public Composed<T> {
 public:
  LoopOrder() : Composed<T>(reference_backend<T>()) {}

  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T> scratch,
                     MatrixView<T> Z) const noexcept override {
    if (!Z.empty()) return this->inner_.dense_forward(W, b, X, activation, A, scratch, Z);
    for (std::size_t u = 0; u < A.rows; ++u) {
      T* a = A.row(u);
      std::fill_n(a, A.cols, b[u]);
      for (std::size_t i = 0; i < X.rows; ++i) add_multiple(W(u, i), X.row(i), a, A.cols);
      for (std::size_t n = 0; n < A.cols; ++n) a[n] = forward(activation, a[n]);
    }
    forward_units(activation, A);
  }
  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T>) const noexcept override {
    for (std::size_t u = 0; u < dZ.rows; ++u) {
      const T* dz = dZ.row(u);
      for (std::size_t i = 0; i < X.rows; ++i) {
        const T* x = X.row(i);
        T sum = 0;
        for (std::size_t n = 0; n < dZ.cols; ++n) sum += dz[n] * x[n];
        dW(u, i) = scale * sum;
      }
      T sum = 0;
      for (std::size_t n = 0; n < dZ.cols; ++n) sum += dz[n];
      db[u] = scale * sum;
    }
  }

 private:
  static void add_multiple(T factor, const T* x, T* y, std::size_t size) {
    for (std::size_t n = 0; n < size; ++n) y[n] += factor * x[n];
  }
};

/// Another backend whose activations are all a pass of their own over A.
template <typename T>
class SeparateActivation final : public Composed<T> {
 public:
  using Composed<T>::Composed;

  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T> scratch,
                     MatrixView<T> Z) const noexcept override {
    if (info(activation).cost != Cost::cheap || !Z.empty()) {
      return this->inner_.dense_forward(W, b, X, activation, A, scratch, Z);
    }
    this->inner_.dense_forward(W, b, X, Activation::identity, A, scratch);
    for (std::size_t u = 0; u < A.rows; ++u) {
      T* a = A.row(u);
      for (std::size_t n = 0; n < A.cols; ++n) a[n] = forward(activation, a[n]);
    }
  }
};

}  // namespace mlpbench
