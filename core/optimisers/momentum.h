#pragma once

#include "core/optimisers/formula.h"

namespace mlpbench {

inline constexpr HyperParameter kMomentum[] = {
    {"--momentum", "fraction of the last step that the next one keeps", 0.9, 0.0, 1.0}};

/// Momentum, the heavy ball (B. Polyak, Some methods of speeding up the convergence of iteration methods,
/// 1964), as scikit-learn's SGDOptimizer and Sutskever et al. (On the importance of initialization and
/// momentum in deep learning, ICML 2013, equations 1 and 2) write it: the rate is inside of the velocity.
///   velocity = momentum velocity - rate gradient,   theta = theta + velocity
/// A schedule's new rate then counts for new gradients alone. With a constant rate it is MomentumTorch but
/// for rounding.
struct Momentum {
  static constexpr std::string_view name = "momentum",
                                    about = "heavy ball, the rate inside the velocity (scikit-learn)";
  static constexpr std::span<const HyperParameter> hyper_parameters = kMomentum;
  static constexpr std::size_t state_buffers = 1, coefficient_count = 2;
  static constexpr bool constant_coefficients = true;

  static void coefficients(double rate, const double* values, std::size_t, double* c) {
    c[0] = rate;
    c[1] = values[0];
  }

  template <typename N>
  [[gnu::always_inline]] static void update(const N* c, N gradient, N& theta, N& velocity) {
    velocity = fnma(c[0], gradient, c[1] * velocity);
    theta = theta + velocity;
  }
};

/// Momentum as PyTorch's SGD writes it: the rate is outside, and a new one counts for the whole velocity.
///   velocity = momentum velocity + gradient,   theta = theta - rate velocity
struct MomentumTorch : Momentum {
  static constexpr std::string_view name = "momentum-torch",
                                    about = "heavy ball, the rate outside the velocity (PyTorch)";

  template <typename N>
  [[gnu::always_inline]] static void update(const N* c, N gradient, N& theta, N& velocity) {
    velocity = fma(c[1], velocity, gradient);
    theta = fnma(c[0], velocity, theta);
  }
};

/// Nesterov's momentum in the form of Y. Bengio, N. Boulanger-Lewandowski, R. Pascanu (Advances in optimizing
/// recurrent networks, 2012, equation 7), as scikit-learn's SGDOptimizer: the gradient stays where theta is.
///   velocity = momentum velocity - rate gradient,   theta = theta + momentum velocity - rate gradient
struct Nesterov : Momentum {
  static constexpr std::string_view name = "nesterov",
                                    about = "Nesterov's momentum, the rate inside (scikit-learn)";

  template <typename N>
  [[gnu::always_inline]] static void update(const N* c, N gradient, N& theta, N& velocity) {
    velocity = fnma(c[0], gradient, c[1] * velocity);
    theta = theta + fnma(c[0], gradient, c[1] * velocity);
  }
};

/// The same as PyTorch's SGD(nesterov=True):
///   velocity = momentum velocity + gradient,   theta = theta - rate (gradient + momentum velocity)
struct NesterovTorch : Momentum {
  static constexpr std::string_view name = "nesterov-torch",
                                    about = "Nesterov's momentum, the rate outside (PyTorch)";

  template <typename N>
  [[gnu::always_inline]] static void update(const N* c, N gradient, N& theta, N& velocity) {
    velocity = fma(c[1], velocity, gradient);
    theta = fnma(c[0], fma(c[1], velocity, gradient), theta);
  }
};

}  // namespace mlpbench
