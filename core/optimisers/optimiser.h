#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/network.h"
#include "core/optimisers/formula.h"
#include "core/optimisers/schedule.h"

namespace mlpbench {

/// An optimiser of core/optimisers/list.h; formula.h says what the fields are.
struct OptimiserEntry {
  std::string_view name, about;
  std::span<const HyperParameter> hyper_parameters;
  double weight_decay;  ///< unless the run has another
  std::size_t state_buffers;
  bool constant_coefficients;
  void (*coefficients)(double rate, const double* hyper_parameters, std::size_t update, double* c);
};

std::span<const OptimiserEntry> all_optimisers();

/// UserError lists the optimisers when there is none of that name.
const OptimiserEntry& find_optimiser(std::string_view name);

/// What the parameters of a run are updated by.
struct OptimiserSpec {
  std::string_view name = "sgd";           ///< of all_optimisers()
  std::string_view schedule = "constant";  ///< of all_schedules()

  /// Those of the two, by name; a missing one has its default, one of another optimiser is not read.
  std::map<std::string, double, std::less<>> hyper_parameters = {};

  /// Penalty of large weights, scikit-learn's alpha. A batch's summed loss grows by l2 / 2 times the sum of
  /// all squared weights, its gradient by l2 W. Biases have no penalty.
  double l2 = 0.0;

  /// Before an update every weight shrinks by learning rate * weight_decay of itself; biases do not. Not
  /// set: the optimiser's own.
  std::optional<double> weight_decay = {};

  /// A gradient whose Euclidean norm over all parameters is larger is scaled down to it, before the penalty
  /// is added: R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks,
  /// ICML 2013, algorithm 1. Not set: none is.
  std::optional<double> clip_norm = {};

  double weight_decay_or_default() const;
};

/// The hyper-parameter of the spec's optimiser or schedule that has this name, or null.
const HyperParameter* find_hyper_parameter(const OptimiserSpec& spec, std::string_view name);

/// The value of one of the spec's hyper-parameters.
double value_of(const OptimiserSpec& spec, const HyperParameter& parameter);

/// One update of all parameters of a network. `state` is (buffers x parameters).
template <typename T>
struct OptimiserStep {
  UpdateRule<T> rule;
  MatrixView<T> state = {};
  double clip_norm = kNoLimit;

  /// The state of the parameters [first, first + count).
  MatrixView<T> state_of(std::size_t first, std::size_t count) const noexcept {
    return state.rows == 0 ? MatrixView<T>{} : state.columns(first, count);
  }

  /// Whether the update needs the whole gradient before its first parameter: clipped() it is then due.
  bool clips() const noexcept { return clip_norm != kNoLimit; }

  /// The step for this gradient of all parameters, with regulariser.clip where its norm is above clip_norm.
  OptimiserStep clipped(std::span<const T> gradient) const noexcept;
};

/// The optimiser of a run with its state. One for each set of parameters that is updated on its own.
template <typename T>
class Optimiser {
 public:
  /// The only place that allocates. UserError as find_optimiser() and find_schedule(), std::bad_alloc.
  Optimiser(const OptimiserSpec& spec, double learning_rate, const NetworkSpec& network, const Pace& pace);

  /// The update of that number, counted from 1, of a gradient that was multiplied by `gradient_scale`. Valid
  /// as long as the object.
  OptimiserStep<T> at(std::size_t update, T gradient_scale) noexcept {
    return at(update, update, gradient_scale);
  }

  /// The next update. Valid until the one after it.
  const OptimiserStep<T>& next(T gradient_scale) noexcept {
    ++updates_;
    ++age_;
    if (gradient_scale != scale_of_next_) {  // computing it anew is a twentieth of the smallest steps
      next_ = at(updates_, age_, gradient_scale);
      if (is_constant_) scale_of_next_ = gradient_scale;
    }
    return next_;
  }

  /// The schedule goes on by an update that is not made.
  void skip() noexcept { ++updates_; }

  /// Shows `visit` the state and where the schedule is, as named bytes (core/training/run_state.h).
  void visit_state(const auto& visit) {
    visit("optimiser",
          std::as_writable_bytes(std::span(state_.view().data, state_.rows() * state_.view().stride)));
    visit("updates", std::as_writable_bytes(std::span(&updates_, 1)));
    visit("age", std::as_writable_bytes(std::span(&age_, 1)));
  }

  /// Forgets the state; the schedule goes on.
  void reset() noexcept;

  /// What the penalty adds to the summed loss of a batch at theta: l2 / 2 sum W^2; 0 without one.
  double penalty(const Parameters<T>& theta) const noexcept;

 private:
  OptimiserStep<T> at(std::size_t update, std::size_t age, T gradient_scale) noexcept;

  const OptimiserEntry& entry_;
  const ScheduleEntry& schedule_;
  std::vector<double> hyper_parameters_, of_schedule_;
  double learning_rate_, l2_, weight_decay_, clip_norm_;
  Pace pace_;
  Matrix<T> state_;
  std::size_t updates_ = 0, age_ = 0;  ///< of the run, and since the state was 0
  bool is_constant_;                   ///< neither the schedule nor the formula counts updates
  OptimiserStep<T> next_ = {};
  T scale_of_next_{};  ///< for which next_ is every update; 0: none
};

/// The rule of plain SGD, for those who take a single step.
template <typename T>
UpdateRule<T> sgd_rule(double rate) noexcept {
  return {kSgd, {static_cast<T>(rate)}};
}

/// The optimiser's formula, element by element in T's own arithmetic. See Backend::update().
template <typename T>
void update_elements(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
                     MatrixView<T> state) noexcept;

}  // namespace mlpbench
