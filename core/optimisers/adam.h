#pragma once

#include <cmath>

#include "core/optimisers/adaptive.h"

namespace mlpbench {

inline constexpr HyperParameter kAdam[] = {
    {"--beta1", "fraction of the mean of gradients that is kept", 0.9, 0.0, 1.0},
    {"--beta2", "fraction of the mean of squares that is kept", 0.999, 0.0, 1.0},
    epsilon(1e-8)};

/// Adam: D. Kingma, J. Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1. Update t has
///   mean = beta1 mean + (1 - beta1) gradient,   squares = beta2 squares + (1 - beta2) gradient^2,
///   theta = theta - rate / (1 - beta1^t) mean / (sqrt(squares / (1 - beta2^t)) + epsilon),
/// as PyTorch's Adam. scikit-learn has the form at the end of the paper's section 2. Its epsilon is not
/// divided by sqrt(1 - beta2^t); with epsilon 0 they are the same.
struct Adam {
  static constexpr std::string_view name = "adam", about = "moving means of gradients and squares, unbiased";
  static constexpr std::span<const HyperParameter> hyper_parameters = kAdam;
  static constexpr std::size_t state_buffers = 2, coefficient_count = 7;

  static void coefficients(double rate, const double* values, std::size_t update, double* c) {
    const double beta1 = values[0], beta2 = values[1], t = static_cast<double>(update);
    c[0] = beta1;
    c[1] = 1.0 - beta1;
    c[2] = beta2;
    c[3] = 1.0 - beta2;
    c[4] = rate / (1.0 - std::pow(beta1, t));
    c[5] = 1.0 / std::sqrt(1.0 - std::pow(beta2, t));
    c[6] = values[2];
  }

  template <typename N>
  [[gnu::always_inline]] static void update(const N* c, N gradient, N& theta, N& mean, N& squares) {
    mean = fma(c[1], gradient, c[0] * mean);
    squares = fma(c[3] * gradient, gradient, c[2] * squares);
    theta = theta - c[4] * mean / fma(square_root(squares), c[5], c[6]);
  }
};

/// AdamW: I. Loshchilov, F. Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2: Adam
/// after theta = theta - rate weight_decay theta of the weights. PyTorch's AdamW has the same default, and
/// shrinks the biases too.
struct AdamW : Adam {
  static constexpr std::string_view name = "adamw", about = "adam with decoupled weight decay";
  static constexpr double weight_decay = 0.01;
};

}  // namespace mlpbench
