#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "core/network.h"
#include "core/optimisers/formula.h"

namespace mlpbench {

/// An optimiser of core/optimisers/list.h; formula.h says what the fields are.
struct OptimiserEntry {
  std::string_view name, about;
  std::span<const HyperParameter> hyper_parameters;
  std::size_t state_buffers;
  void (*coefficients)(double rate, const double* hyper_parameters, std::size_t update, double* c);
};

std::span<const OptimiserEntry> all_optimisers();

/// UserError lists the optimisers when there is none of that name.
const OptimiserEntry& find_optimiser(std::string_view name);

/// What a run is optimised by: a name of all_optimisers() and its hyper-parameters in their order. Those that
/// are missing have their defaults.
struct OptimiserSpec {
  std::string_view name = "sgd";
  std::vector<double> hyper_parameters = {};
};

/// One update of all parameters of a network. `state` is (buffers x parameters).
template <typename T>
struct OptimiserStep {
  UpdateRule<T> rule;
  MatrixView<T> state = {};

  /// The state of the parameters [first, first + count).
  MatrixView<T> state_of(std::size_t first, std::size_t count) const noexcept {
    return state.rows == 0 ? MatrixView<T>{} : state.columns(first, count);
  }
};

/// The optimiser of a run with its state. One for each set of parameters that is updated on its own.
template <typename T>
class Optimiser {
 public:
  /// The only place that allocates. UserError as find_optimiser(), std::bad_alloc.
  Optimiser(const OptimiserSpec& spec, double learning_rate, const NetworkSpec& network);

  /// The update of that number, counted from 1. Valid as long as the object.
  OptimiserStep<T> at(std::size_t update) noexcept;

  /// The next update.
  OptimiserStep<T> next() noexcept { return at(++updates_); }

 private:
  const OptimiserEntry& entry_;
  std::vector<double> hyper_parameters_;
  double learning_rate_;
  Matrix<T> state_;
  std::size_t updates_ = 0;
};

/// Plain SGD's place in the list, and its rule for those who take a single step.
inline constexpr std::size_t kSgd = 0;

template <typename T>
UpdateRule<T> sgd_rule(double rate) noexcept {
  return {kSgd, {static_cast<T>(rate)}};
}

/// The optimiser's formula, element by element in T's own arithmetic. See Backend::update().
template <typename T>
void update_elements(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
                     MatrixView<T> state) noexcept;

}  // namespace mlpbench
