#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/backend.h"
#include "tests/support/backends.h"

namespace mlpbench::test {

// The arguments of an operation, so that a mutant can change one and hand on the others.

template <typename T>
struct Forward {
  MatrixView<const T> W;
  std::span<const T> b;
  MatrixView<const T> X;
  Activation activation;
  MatrixView<T> A;
  std::span<T> scratch;
  MatrixView<T> Z;
};

template <typename T>
struct OutputDelta {
  LossSpec loss;
  Activation activation;
  MatrixView<const T> A, Y;
  MatrixView<T> dZ;
  MatrixView<const T> Z;
};

template <typename T>
struct WeightGradient {
  MatrixView<const T> dZ, X;
  T scale;
  MatrixView<T> dW;
  std::span<T> db;
};

template <typename T>
struct InputDelta {
  MatrixView<const T> W, dZ, saved_prev;
  Activation activation;
  MatrixView<T> dZ_prev;
};

template <typename T>
struct Update {
  UpdateRule<T> rule;
  std::span<T> theta;
  std::span<const T> gradient;
  MatrixView<T> state;
};

template <typename T>
struct Accumulate {
  std::span<T> sum;
  std::span<const T> addend;
};

template <typename T>
struct ChunkGradients {
  const Backend<T>& backend;
  const NetworkSpec& network;
  const Parameters<T>& theta;
  MatrixView<const T> X, Y;
  T scale;
  Parameters<T>& gradient;
  Workspace<T>& workspace;
};

// The operations of the naive backend.

template <typename T>
void right(const Forward<T>& call) {
  reference_backend<T>().dense_forward(call.W, call.b, call.X, call.activation, call.A, call.scratch, call.Z);
}
template <typename T>
double right(const OutputDelta<T>& call) {
  return reference_backend<T>().output_delta(call.loss, call.activation, call.A, call.Y, call.dZ, call.Z);
}
template <typename T>
void right(const WeightGradient<T>& call) {
  reference_backend<T>().weight_gradient(call.dZ, call.X, call.scale, call.dW, call.db, {});
}
template <typename T>
void right(const InputDelta<T>& call) {
  reference_backend<T>().input_delta(call.W, call.dZ, call.saved_prev, call.activation, call.dZ_prev, {});
}
template <typename T>
void right(const Update<T>& call) {
  reference_backend<T>().update(call.rule, call.theta, call.gradient, call.state);
}
template <typename T>
void right(const Accumulate<T>& call) {
  reference_backend<T>().accumulate(call.sum, call.addend);
}
template <typename T>
double right(const ChunkGradients<T>& call) {
  return call.backend.Backend<T>::chunk_gradients(call.network, call.theta, call.X, call.Y, call.scale,
                                                  call.gradient, call.workspace);
}

inline constexpr auto kRight = [](const auto& call) { return right(call); };

/// A backend that is naive but for one operation. `mistake` says what is wrong with it.
template <typename T>
class WrongBackend final : public Backend<T> {
 public:
  std::string_view mistake;
  bool crashes = false;  ///< the mistake is an access that ends the process
  std::function<void(const Forward<T>&)> on_forward = kRight;
  std::function<double(const OutputDelta<T>&)> on_output_delta = kRight;
  std::function<void(const WeightGradient<T>&)> on_weight_gradient = kRight;
  std::function<void(const InputDelta<T>&)> on_input_delta = kRight;
  std::function<void(const Update<T>&)> on_update = kRight;
  std::function<void(const Accumulate<T>&)> on_accumulate = kRight;
  std::function<double(const ChunkGradients<T>&)> on_chunk_gradients = kRight;

  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T> scratch,
                     MatrixView<T> Z) const noexcept override {
    on_forward({W, b, X, activation, A, scratch, Z});
  }
  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    return on_output_delta({loss, activation, A, Y, dZ, Z});
  }
  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T>) const noexcept override {
    on_weight_gradient({dZ, X, scale, dW, db});
  }
  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    on_input_delta({W, dZ, saved_prev, activation, dZ_prev});
  }
  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    on_update({rule, theta, gradient, state});
  }
  void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept override {
    on_accumulate({sum, addend});
  }
  double chunk_gradients(const NetworkSpec& network, const Parameters<T>& theta, MatrixView<const T> X,
                         MatrixView<const T> Y, T gradient_scale, Parameters<T>& gradient,
                         Workspace<T>& workspace) const noexcept override {
    return on_chunk_gradients({*this, network, theta, X, Y, gradient_scale, gradient, workspace});
  }
};

/// Backends with one mistake each, of the kinds that kernels are known to have.
template <typename T>
std::vector<WrongBackend<T>> wrong_backends();

}  // namespace mlpbench::test
