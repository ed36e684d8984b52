// The specification: plain loops in the order of the formulas of core/backend.h, built with the baseline
// flags and never optimised. Every other backend is compared with this one, and every speed-up is a ratio to
// it.

#include <algorithm>
#include <cmath>
#include <limits>

#include "backends/registry.h"

namespace mlpbench {
namespace {

template <typename T>
T activate(Activation activation, T z) {
  switch (activation) {
    case Activation::sigmoid:
      return T{1} / (T{1} + std::exp(-z));
    case Activation::tanh:
      return std::tanh(z);
    case Activation::relu:
      return z < T{0} ? T{0} : z;
    case Activation::elu:
      return z > T{0} ? z : std::expm1(z);
    case Activation::identity:
    case Activation::softmax:
      break;  // softmax needs the whole column: softmax_columns()
  }
  return z;
}

/// dA * act'(z), from a = act(z).
template <typename T>
T through_derivative(Activation activation, T a, T dA) {
  switch (activation) {
    case Activation::sigmoid:
      return dA * (a * (T{1} - a));
    case Activation::tanh:
      return dA * (T{1} - a * a);
    case Activation::relu:
      return a > T{0} ? dA : T{0};
    case Activation::elu:
      return a > T{0} ? dA : dA * (a + T{1});
    case Activation::identity:
    case Activation::softmax:
      break;
  }
  return dA;
}

template <typename T>
void softmax_columns(MatrixView<T> A) {
  for (std::size_t n = 0; n < A.cols; ++n) {
    T largest = -std::numeric_limits<T>::infinity();
    for (std::size_t u = 0; u < A.rows; ++u) largest = A(u, n) > largest ? A(u, n) : largest;
    T sum = 0;
    for (std::size_t u = 0; u < A.rows; ++u) {
      A(u, n) = std::exp(A(u, n) - largest);
      sum += A(u, n);
    }
    for (std::size_t u = 0; u < A.rows; ++u) A(u, n) /= sum;
  }
}

/// log(x), where x below the smallest normal number counts as that number and NaN stays NaN.
template <typename T>
T clipped_log(T x) {
  return std::log(x < std::numeric_limits<T>::min() ? std::numeric_limits<T>::min() : x);
}

template <typename T>
T element_loss(const LossSpec& loss, T a, T y) {
  const T epsilon = static_cast<T>(loss.log_epsilon);
  switch (loss.kind) {
    case Loss::binary_cross_entropy:
      return -(y * clipped_log(a + epsilon) + (T{1} - y) * clipped_log(T{1} - a + epsilon));
    case Loss::softmax_cross_entropy:
      return -y * clipped_log(a + epsilon);
    case Loss::mean_squared_error:
      return (a - y) * (a - y);
  }
  return 0;
}

template <typename T>
class NaiveBackend final : public Backend<T> {
 public:
  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T>) const noexcept override {
    for (std::size_t u = 0; u < A.rows; ++u) {
      for (std::size_t n = 0; n < A.cols; ++n) {
        T z = 0;
        for (std::size_t i = 0; i < W.cols; ++i) z += W(u, i) * X(i, n);
        A(u, n) = activate(activation, z + b[u]);
      }
    }
    if (activation == Activation::softmax) softmax_columns(A);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ) const noexcept override {
    T sum = 0;
    for (std::size_t k = 0; k < A.rows; ++k) {
      for (std::size_t n = 0; n < A.cols; ++n) {
        const T a = A(k, n), y = Y(k, n);
        sum += element_loss(loss, a, y);
        dZ(k, n) = loss.kind == Loss::mean_squared_error ? through_derivative(activation, a, a - y) : a - y;
      }
    }
    return static_cast<double>(sum);
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

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> A_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    for (std::size_t i = 0; i < dZ_prev.rows; ++i) {
      for (std::size_t n = 0; n < dZ_prev.cols; ++n) {
        T dA = 0;
        for (std::size_t u = 0; u < W.rows; ++u) dA += W(u, i) * dZ(u, n);
        dZ_prev(i, n) = through_derivative(activation, A_prev(i, n), dA);
      }
    }
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
