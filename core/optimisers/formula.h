// What the file of an optimiser is made of. An optimiser is a struct with
//
//   name, about            for the command line and the lists
//   hyper_parameters       HyperParameter[], besides the learning rate; may be empty
//   weight_decay           only where it has one by default: OptimiserSpec::weight_decay
//   state_buffers          numbers that it keeps for each parameter, 0 before the first update
//   coefficient_count      numbers that its formula needs, the same for all parameters
//   coefficients(rate, hyper_parameters, update, c)
//                          fills them in for the update of that number, counted from 1
//   constant_coefficients  only where that number changes nothing: they are then computed once a run
//   update(c, gradient, theta, state...)
//                          the formula for one parameter, a reference for each of its state_buffers
//
// and stands in the list of core/optimisers/list.h. update() is a template on the type of number N: float and
// double, or a Vec of the SIMD kernels (backends/simd). It is inlined always, because files that are compiled
// with ISA flags may not share a symbol with others.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

namespace mlpbench {

/// The same name has the same meaning and the same range wherever it stands.
struct HyperParameter {
  std::string_view option;  ///< "--beta1"
  std::string_view about;
  double value;         ///< unless the run has another
  double least, below;  ///< a value v has least <= v < below

  constexpr std::string_view name() const { return option.substr(2); }
};

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

inline constexpr std::size_t kMaxCoefficients = 8, kMaxStateBuffers = 3;

// a b + c and c - a b, of which a Vec rounds only the result where the CPU has FMA; the square root.
inline float fma(float a, float b, float c) noexcept { return a * b + c; }
inline double fma(double a, double b, double c) noexcept { return a * b + c; }
inline float fnma(float a, float b, float c) noexcept { return c - a * b; }
inline double fnma(double a, double b, double c) noexcept { return c - a * b; }
inline float square_root(float a) noexcept { return __builtin_sqrtf(a); }
inline double square_root(double a) noexcept { return __builtin_sqrt(a); }

/// What happens to a gradient and its parameter before the optimiser's formula:
///   gradient = clip gradient + l2 theta,   then   theta = theta - decay theta.
template <typename N>
struct Regulariser {
  N clip{1}, l2{}, decay{};

  bool is_neutral() const noexcept { return clip == N{1} && !spares_biases(); }

  /// Biases have another update than weights: neither penalty nor decay.
  bool spares_biases() const noexcept { return l2 != N{} || decay != N{}; }

  [[gnu::always_inline]] void apply(N& gradient, N& theta) const {
    gradient = fma(l2, theta, clip * gradient);
    theta = fnma(decay, theta, theta);
  }
};

/// Plain SGD's place in the list.
inline constexpr std::size_t kSgd = 0;

/// An optimiser's formula with the coefficients of one update: all that a backend needs besides the arrays.
template <typename T>
struct UpdateRule {
  std::size_t optimiser;  ///< its place in the list
  T coefficients[kMaxCoefficients];
  Regulariser<T> regulariser = {};

  /// The same without penalty and decay, which are for weights alone.
  UpdateRule of_biases() const noexcept {
    UpdateRule rule = *this;
    rule.regulariser.l2 = rule.regulariser.decay = T{};
    return rule;
  }

  /// theta = theta - coefficients[0] gradient, and nothing else.
  bool is_plain_sgd() const noexcept { return optimiser == kSgd && regulariser.is_neutral(); }
};

}  // namespace mlpbench
