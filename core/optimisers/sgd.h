#pragma once

#include "core/optimisers/formula.h"

namespace mlpbench {

/// Plain stochastic gradient descent: theta = theta - rate gradient.
struct Sgd {
  static constexpr std::string_view name = "sgd", about = "theta = theta - rate gradient";
  static constexpr std::span<const HyperParameter> hyper_parameters = {};
  static constexpr std::size_t state_buffers = 0, coefficient_count = 1;
  static constexpr bool constant_coefficients = true;

  static void coefficients(double rate, const double*, std::size_t, double* c) { c[0] = rate; }

  template <typename N>
  [[gnu::always_inline]] static void update(const N* c, N gradient, N& theta) {
    theta = fnma(c[0], gradient, theta);
  }
};

}  // namespace mlpbench
