// What training has to do, counted from its formulas. tests/bench/test_work.cpp counts the same in loops, one
// operation and one element at a time.
#pragma once

#include <cstddef>

#include "core/network.h"

namespace mlpbench {

/// flop   2 m n k for a product of (m x k) and (k x n), and 2 an element for the update. Nothing else counts:
///        biases, scales, derivatives and losses are a few operations an output where a product has
///        thousands. So a percentage of the FMA peak says too little rather than too much.
/// bytes  compulsory traffic: every element that is taken is read once, every element that is left is written
///        once. A cache that is too small makes it more; nothing makes it less.
struct Work {
  double flop = 0.0, bytes = 0.0;

  Work& operator+=(const Work& other) noexcept {
    flop += other.flop, bytes += other.bytes;
    return *this;
  }
  friend Work operator*(double times, const Work& work) noexcept {
    return {times * work.flop, times * work.bytes};
  }
};

/// W is (units x inputs), X is (inputs x batch).
struct LayerShape {
  std::size_t units = 0, inputs = 0, batch = 0;

  /// 2 * units * inputs * batch, of each of the three products of a layer.
  double product_flop() const noexcept {
    return 2.0 * static_cast<double>(units) * static_cast<double>(inputs) * static_cast<double>(batch);
  }
};

/// One step on one batch: the products of every layer (the first layer has no input delta) and the update.
/// Reads X, Y, theta; writes theta: what lies between is no traffic that a step must have.
inline Work step_work(const NetworkSpec& network, std::size_t batch, std::size_t element) noexcept {
  Work step{2.0 * static_cast<double>(network.parameter_count()), 0.0};
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const LayerShape shape{network.layers[l].units, network.inputs_of(l), batch};
    step.flop += (l > 0 ? 3.0 : 2.0) * shape.product_flop();
  }
  const std::size_t samples = batch * (network.inputs + network.outputs());
  step.bytes = static_cast<double>((samples + 2 * network.parameter_count()) * element);
  return step;
}

/// One forward pass over `samples`: the products of every layer. Reads X and theta; writes the outputs.
inline Work inference_work(const NetworkSpec& network, std::size_t samples, std::size_t element) noexcept {
  Work pass;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    pass.flop += LayerShape{network.layers[l].units, network.inputs_of(l), samples}.product_flop();
  }
  const std::size_t numbers = samples * (network.inputs + network.outputs()) + network.parameter_count();
  pass.bytes = static_cast<double>(numbers * element);
  return pass;
}

/// One epoch: floor(samples / batch) steps, and one of the rest when it is trained on.
inline Work epoch_work(const NetworkSpec& network, std::size_t samples, std::size_t batch,
                       bool keep_incomplete_batch, std::size_t element) noexcept {
  Work epoch = static_cast<double>(samples / batch) * step_work(network, batch, element);
  if (keep_incomplete_batch && samples % batch > 0) epoch += step_work(network, samples % batch, element);
  return epoch;
}

}  // namespace mlpbench
