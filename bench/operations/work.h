// What the operations have to do, counted from their formulas (core/backend.h). The only place where it is
// counted; tests/bench/test_work.cpp counts the same in loops, one operation and one element at a time.
#pragma once

#include <cstddef>

#include "core/network.h"

namespace mlpbench {

/// flop         2 m n k for a product of (m x k) and (k x n), and 2 an element for the update. Nothing else
///              counts: biases, scales, derivatives and losses are a few operations an output where a product
///              has thousands, and the value of an exponential in flop is anybody's guess. So a percentage of
///              the FMA peak says too little rather than too much.
/// bytes        compulsory traffic: every element that the operation takes is read once, every element that
/// it
///              leaves is written once. A cache that is too small makes it more; nothing makes it less.
/// evaluations  of exp, tanh or log: the activation's (one an element of A for sigmoid, tanh, ELU and
/// softmax)
///              and the loss's (two an element for binary cross-entropy, one for softmax cross-entropy).
struct Work {
  double flop = 0.0, bytes = 0.0, evaluations = 0.0;

  Work& operator+=(const Work& other) noexcept {
    flop += other.flop, bytes += other.bytes, evaluations += other.evaluations;
    return *this;
  }
  friend Work operator*(double times, const Work& work) noexcept {
    return {times * work.flop, times * work.bytes, times * work.evaluations};
  }
};

/// W is (units x inputs), X is (inputs x batch).
struct LayerShape {
  std::size_t units = 0, inputs = 0, batch = 0;

  double weights() const noexcept { return static_cast<double>(units) * static_cast<double>(inputs); }
  double outputs() const noexcept { return static_cast<double>(units) * static_cast<double>(batch); }
  double values() const noexcept { return static_cast<double>(inputs) * static_cast<double>(batch); }

  /// 2 * units * inputs * batch, of each of the three products of a layer.
  double product_flop() const noexcept { return 2.0 * weights() * static_cast<double>(batch); }
};

inline double evaluations_of(Activation activation) noexcept {
  return activation == Activation::identity || activation == Activation::relu ? 0.0 : 1.0;
}
inline double evaluations_of(Loss loss) noexcept {
  if (loss == Loss::mean_squared_error) return 0.0;
  return loss == Loss::binary_cross_entropy ? 2.0 : 1.0;
}

/// A = act(W X + b 1^T). Reads W, b, X; writes A.
inline Work dense_forward_work(LayerShape s, Activation activation, std::size_t element) noexcept {
  const double elements = s.weights() + static_cast<double>(s.units) + s.values() + s.outputs();
  return {s.product_flop(), elements * static_cast<double>(element),
          s.outputs() * evaluations_of(activation)};
}

/// The loss, and dZ = A - Y (times act'(A) for the squared error). Reads A, Y; writes dZ.
inline Work output_delta_work(std::size_t outputs, std::size_t batch, Loss loss,
                              std::size_t element) noexcept {
  const double values = static_cast<double>(outputs) * static_cast<double>(batch);
  return {0.0, 3.0 * values * static_cast<double>(element), values * evaluations_of(loss)};
}

/// dW = scale dZ X^T, db = scale dZ 1. Reads dZ, X; writes dW, db.
inline Work weight_gradient_work(LayerShape s, std::size_t element) noexcept {
  const double elements = s.outputs() + s.values() + s.weights() + static_cast<double>(s.units);
  return {s.product_flop(), elements * static_cast<double>(element), 0.0};
}

/// dZ_prev = (W^T dZ) * act'(A_prev). Reads W, dZ, A_prev; writes dZ_prev.
inline Work input_delta_work(LayerShape s, std::size_t element) noexcept {
  const double elements = s.weights() + s.outputs() + 2.0 * s.values();
  return {s.product_flop(), elements * static_cast<double>(element), 0.0};
}

/// theta = theta - rate gradient. Reads theta and gradient; writes theta.
inline Work update_work(std::size_t parameters, std::size_t element) noexcept {
  const double size = static_cast<double>(parameters);
  return {2.0 * size, 3.0 * size * static_cast<double>(element), 0.0};
}

/// One step on one batch: the products of every layer (the first layer has no input delta) and the update.
/// Reads X, Y, theta; writes theta: what lies between is no traffic that a step must have.
inline Work step_work(const NetworkSpec& network, std::size_t batch, std::size_t element) noexcept {
  Work step;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const LayerShape shape{network.layers[l].units, network.inputs_of(l), batch};
    step += dense_forward_work(shape, network.layers[l].activation, element);
    step += weight_gradient_work(shape, element);
    if (l > 0) step += input_delta_work(shape, element);
  }
  step += output_delta_work(network.outputs(), batch, network.loss.kind, element);
  step += update_work(network.parameter_count(), element);
  const std::size_t samples = batch * (network.inputs + network.outputs());
  step.bytes = static_cast<double>((samples + 2 * network.parameter_count()) * element);
  return step;
}

/// One epoch: floor(samples / batch) steps, and one of the rest when it is trained on.
inline Work epoch_work(const NetworkSpec& network, std::size_t samples, std::size_t batch,
                       bool keep_incomplete_batch, std::size_t element) noexcept {
  Work epoch = static_cast<double>(samples / batch) * step_work(network, batch, element);
  if (keep_incomplete_batch && samples % batch > 0) epoch += step_work(network, samples % batch, element);
  return epoch;
}

/// y[i] = f(x[i]) for an elementary function.
inline Work elementary_work(std::size_t size, std::size_t element) noexcept {
  const double values = static_cast<double>(size);
  return {0.0, 2.0 * values * static_cast<double>(element), values};
}

}  // namespace mlpbench
