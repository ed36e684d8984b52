// What the file of an optimiser is made of. An optimiser is a struct with
//
//   name, about            for the command line and the lists
//   hyper_parameters       HyperParameter[], besides the learning rate; may be empty
//   state_buffers          numbers that it keeps for each parameter, 0 before the first update
//   coefficient_count      numbers that its formula needs, the same for all parameters
//   coefficients(rate, hyper_parameters, update, c)
//                          fills them in for the update of that number, counted from 1
//   update(c, gradient, theta, state...)
//                          the formula for one parameter, a reference for each of its state_buffers
//
// and stands in the list of core/optimisers/list.h. update() is a template on the type of number N: float and
// double, or a Vec of the SIMD kernels (backends/simd). It is inlined always, because files that are compiled
// with ISA flags may not share a symbol with others.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace mlpbench {

struct HyperParameter {
  std::string_view name, about;
  double value;  ///< unless the run has another
};

inline constexpr std::size_t kMaxCoefficients = 8, kMaxStateBuffers = 3;

/// c - a b, of which a Vec rounds only the result where the CPU has FMA.
inline float fnma(float a, float b, float c) noexcept { return c - a * b; }
inline double fnma(double a, double b, double c) noexcept { return c - a * b; }

/// An optimiser's formula with the coefficients of one update: all that a backend needs besides the arrays.
template <typename T>
struct UpdateRule {
  std::size_t optimiser;  ///< its place in the list
  T coefficients[kMaxCoefficients];
};

}  // namespace mlpbench
