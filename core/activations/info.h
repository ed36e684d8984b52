#pragma once

#include <span>
#include <string_view>

namespace mlpbench {

/// What a function costs for one element.
enum class Cost {
  none,       ///< it is the identity: no pass is made over the elements
  cheap,      ///< a few exact or singly rounded operations: kernels apply it in the tiles of a product
  elementary  ///< an exponential or the like: a pass of its own
};

/// The standard deviation of initial weights (experiments/csv_problem.h).
enum class Initializer {
  glorot,  ///< sqrt(2 / (inputs + units))
  he       ///< sqrt(2 / inputs)
};

/// What is known of an activation besides its formulas.
struct ActivationInfo {
  std::string_view name;
  Cost cost = Cost::elementary;
  Initializer initializer = Initializer::glorot;
  bool needs_z = false;                ///< the derivative is taken from Z, which is kept for it; else from A
  std::span<const double> kinks = {};  ///< arguments at which a derivative, of any order, jumps

  /// What the function may be off by for |z| <= 8, in units of the last place. The first is for our vectors
  /// with FMA, the second for the C library.
  double ulps_with_fma = 2.0, ulps = 3.0;

  /// A function of all units of a sample, which only its loss can differentiate. The type is then an Identity
  /// with forward_units() besides (see Softmax).
  bool last_layer_only = false;
};

}  // namespace mlpbench
