#pragma once

#include "core/optimisers/formula.h"

namespace mlpbench {

/// --epsilon of an optimiser that has this value by default.
constexpr HyperParameter epsilon(double value) {
  return {"--epsilon", "added to the divisor of a step, a root", value, 0.0, kNoLimit};
}

inline constexpr HyperParameter kAdaGrad[] = {epsilon(1e-10)};

/// AdaGrad: J. Duchi, E. Hazan, Y. Singer, Adaptive subgradient methods for online learning and stochastic
/// optimization, JMLR 12, 2011, the diagonal form of section 1.1; epsilon as in PyTorch's Adagrad.
///   squares = squares + gradient^2,   theta = theta - rate gradient / (sqrt(squares) + epsilon)
struct AdaGrad {
  static constexpr std::string_view name = "adagrad", about = "steps divided by the root of all squares";
  static constexpr std::span<const HyperParameter> hyper_parameters = kAdaGrad;
  static constexpr std::size_t state_buffers = 1, coefficient_count = 2;

  static void coefficients(double rate, const double* values, std::size_t, double* c) {
    c[0] = rate;
    c[1] = values[0];
  }

  template <typename N>
  [[gnu::always_inline]] static void update(const N* c, N gradient, N& theta, N& squares) {
    squares = fma(gradient, gradient, squares);
    theta = theta - c[0] * gradient / (square_root(squares) + c[1]);
  }
};

inline constexpr HyperParameter kRmsProp[] = {
    {"--rho", "fraction of the mean of squares that is kept", 0.99, 0.0, 1.0}, epsilon(1e-8)};

/// RMSprop: T. Tieleman, G. Hinton, lecture 6.5 of Neural networks for machine learning, 2012; rho and
/// epsilon as in PyTorch's RMSprop, which adds epsilon outside of the root.
///   squares = rho squares + (1 - rho) gradient^2
///   theta = theta - rate gradient / (sqrt(squares) + epsilon)
struct RmsProp {
  static constexpr std::string_view name = "rmsprop",
                                    about = "steps divided by the root of the squares' moving mean";
  static constexpr std::span<const HyperParameter> hyper_parameters = kRmsProp;
  static constexpr std::size_t state_buffers = 1, coefficient_count = 4;

  static void coefficients(double rate, const double* values, std::size_t, double* c) {
    c[0] = rate;
    c[1] = values[0];
    c[2] = 1.0 - values[0];
    c[3] = values[1];
  }

  template <typename N>
  [[gnu::always_inline]] static void update(const N* c, N gradient, N& theta, N& squares) {
    squares = fma(c[2] * gradient, gradient, c[1] * squares);
    theta = theta - c[0] * gradient / (square_root(squares) + c[3]);
  }
};

}  // namespace mlpbench
