// The specification: plain loops in the order of the formulas of core/backend.h, built with the baseline
// flags and never optimised. Every other backend is compared with this one. The functions of an element are
// in core/activations and core/losses. Each has a pass of its own, and its activation is chosen once a pass.
// Chosen at each element it took 1.1 to 1.4 times as long, and inside of a product's loops 1.7 times.

#include "backends/registry.h"

namespace mlpbench {
namespace {

template <typename T>
class NaiveBackend final : public Backend<T> {
 public:
  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T>,
                     MatrixView<T> Z) const noexcept override {
    for (std::size_t u = 0; u < A.rows; ++u) {
      for (std::size_t n = 0; n < A.cols; ++n) {
        T z = 0;
        for (std::size_t i = 0; i < W.cols; ++i) z += W(u, i) * X(i, n);
        A(u, n) = z + b[u];
        if (!Z.empty()) Z(u, n) = A(u, n);
      }
    }
    visit(activation, [&](auto act) {
      for (std::size_t u = 0; u < A.rows; ++u) {
        for (std::size_t n = 0; n < A.cols; ++n) A(u, n) = act.forward(A(u, n));
      }
    });
    forward_units(activation, A);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    return visit(loss.kind, activation, [&](auto of, auto act) {
      T sum = 0;
      for (std::size_t k = 0; k < A.rows; ++k) {
        for (std::size_t n = 0; n < A.cols; ++n) {
          const T a = A(k, n), y = Y(k, n), saved = act.info.needs_z ? Z(k, n) : a;
          sum += of.value(a, y, loss);
          dZ(k, n) = act.backward(saved, of.delta(a, y, loss));
        }
      }
      return static_cast<double>(sum);
    });
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T>) const noexcept override {
    for (std::size_t u = 0; u < dW.rows; ++u) {
      for (std::size_t i = 0; i < dW.cols; ++i) {
        T sum = 0;
        for (std::size_t n = 0; n < dZ.cols; ++n) sum += dZ(u, n) * X(i, n);
        dW(u, i) = scale * sum;
      }
      T sum = 0;
      for (std::size_t n = 0; n < dZ.cols; ++n) sum += dZ(u, n);
      db[u] = scale * sum;
    }
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    for (std::size_t i = 0; i < dZ_prev.rows; ++i) {
      for (std::size_t n = 0; n < dZ_prev.cols; ++n) {
        T dA = 0;
        for (std::size_t u = 0; u < W.rows; ++u) dA += W(u, i) * dZ(u, n);
        dZ_prev(i, n) = dA;
      }
    }
    visit(activation, [&](auto act) {
      for (std::size_t i = 0; i < dZ_prev.rows; ++i) {
        for (std::size_t n = 0; n < dZ_prev.cols; ++n)
          dZ_prev(i, n) = act.backward(saved_prev(i, n), dZ_prev(i, n));
      }
    });
  }
};

}  // namespace

BackendEntry naive_backend() {
  static const NaiveBackend<float> float32;
  static const NaiveBackend<double> float64;
  return {.name = "naive",
          .about = "plain loops in the order of the formulas: the specification",
          .block_invariant = true,
          .float32 = &float32,
          .float64 = &float64};
}

}  // namespace mlpbench
