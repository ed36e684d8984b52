#include "core/optimisers/optimiser.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/optimisers/list.h"
#include "support/find_named.h"

namespace mlpbench {
namespace {

template <typename Entry>
constexpr double weight_decay_of() {
  if constexpr (requires { Entry::weight_decay; }) return Entry::weight_decay;
  return 0.0;
}

template <typename Entry>
constexpr bool has_constant_coefficients() {
  if constexpr (requires { Entry::constant_coefficients; }) return Entry::constant_coefficients;
  return false;
}

template <typename... Entries>
constexpr std::array<OptimiserEntry, sizeof...(Entries)> entries_of(OptimiserList<Entries...>) {
  static_assert(((Entries::coefficient_count <= kMaxCoefficients) && ...));
  static_assert(((Entries::state_buffers <= kMaxStateBuffers) && ...));
  return {{{Entries::name, Entries::about, Entries::hyper_parameters, weight_decay_of<Entries>(),
            Entries::state_buffers, has_constant_coefficients<Entries>(), Entries::coefficients}...}};
}

constexpr auto kEntries = entries_of(Optimisers{});
static_assert(kEntries[kSgd].name == Sgd::name);

std::vector<double> values_of(const OptimiserSpec& spec, std::span<const HyperParameter> parameters) {
  std::vector<double> values;
  for (const HyperParameter& parameter : parameters) values.push_back(value_of(spec, parameter));
  return values;
}

/// In eight sums and in float64, so that it has the same bits on every backend and any number of threads.
template <typename T>
double sum_of_squares(const T* values, std::size_t size) noexcept {
  constexpr std::size_t kSums = 8;
  double sums[kSums] = {};
  std::size_t i = 0;
  for (; i + kSums <= size; i += kSums) {
    for (std::size_t s = 0; s < kSums; ++s) {
      const double value = static_cast<double>(values[i + s]);
      sums[s] += value * value;
    }
  }
  for (std::size_t s = 0; i < size; ++i, ++s) {
    const double value = static_cast<double>(values[i]);
    sums[s] += value * value;
  }
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

template <typename Entry, typename T, std::size_t... s>
void update_by(const UpdateRule<T>& rule, std::span<T> theta, const T* gradient, MatrixView<T> state,
               std::index_sequence<s...>) {
  const bool neutral = rule.regulariser.is_neutral();
  for (std::size_t p = 0; p < theta.size(); ++p) {
    T own = gradient[p];
    if (!neutral) rule.regulariser.apply(own, theta[p]);
    Entry::update(rule.coefficients, own, theta[p], state.data[s * state.stride + p]...);
  }
}

}  // namespace

std::span<const OptimiserEntry> all_optimisers() { return kEntries; }

const OptimiserEntry& find_optimiser(std::string_view name) {
  return find_named(all_optimisers(), "--optimiser", "optimiser", name);
}

double OptimiserSpec::weight_decay_or_default() const {
  return weight_decay.value_or(find_optimiser(name).weight_decay);
}

const HyperParameter* find_hyper_parameter(const OptimiserSpec& spec, std::string_view name) {
  for (const auto& all :
       {find_optimiser(spec.name).hyper_parameters, find_schedule(spec.schedule).hyper_parameters}) {
    for (const HyperParameter& parameter : all) {
      if (parameter.name() == name) return &parameter;
    }
  }
  return nullptr;
}

double value_of(const OptimiserSpec& spec, const HyperParameter& parameter) {
  const auto own = spec.hyper_parameters.find(parameter.name());
  return own == spec.hyper_parameters.end() ? parameter.value : own->second;
}

template <typename T>
OptimiserStep<T> OptimiserStep<T>::clipped(std::span<const T> gradient) const noexcept {
  OptimiserStep step = *this;
  if (!clips()) return step;
  const double norm = std::sqrt(sum_of_squares(gradient.data(), gradient.size()));
  if (norm > clip_norm) step.rule.regulariser.clip = static_cast<T>(clip_norm / norm);
  return step;
}

template <typename T>
Optimiser<T>::Optimiser(const OptimiserSpec& spec, double learning_rate, const NetworkSpec& network,
                        const Pace& pace)
    : entry_(find_optimiser(spec.name)),
      schedule_(find_schedule(spec.schedule)),
      hyper_parameters_(values_of(spec, entry_.hyper_parameters)),
      of_schedule_(values_of(spec, schedule_.hyper_parameters)),
      learning_rate_(learning_rate),
      l2_(spec.l2),
      weight_decay_(spec.weight_decay_or_default()),
      clip_norm_(spec.clip_norm.value_or(kNoLimit)),
      pace_(pace),
      state_(entry_.state_buffers, network.parameter_count()),
      is_constant_(entry_.constant_coefficients && schedule_.rate == nullptr) {}

template <typename T>
OptimiserStep<T> Optimiser<T>::at(std::size_t update, std::size_t age, T gradient_scale) noexcept {
  const double rate = schedule_.rate == nullptr
                          ? learning_rate_
                          : schedule_.rate(learning_rate_, of_schedule_.data(), update - 1, pace_);
  double coefficients[kMaxCoefficients] = {};
  entry_.coefficients(rate, hyper_parameters_.data(), age, coefficients);
  OptimiserStep<T> step{{static_cast<std::size_t>(&entry_ - kEntries.data()),
                         {},
                         {T{1}, static_cast<T>(l2_) * gradient_scale, static_cast<T>(rate * weight_decay_)}},
                        state_.view(),
                        clip_norm_};
  std::transform(coefficients, coefficients + kMaxCoefficients, step.rule.coefficients,
                 [](double c) { return static_cast<T>(c); });
  return step;
}

template <typename T>
void Optimiser<T>::reset() noexcept {
  std::fill_n(state_.view().data, state_.rows() * state_.cols(), T{});
  age_ = 0;
}

template <typename T>
double Optimiser<T>::penalty(const Parameters<T>& theta) const noexcept {
  if (l2_ == 0.0) return 0.0;
  double squares = 0.0;
  for (std::size_t l = 0; l < theta.layers(); ++l) {
    const MatrixView<const T> W = theta.W(l);
    squares += sum_of_squares(W.data, W.rows * W.cols);
  }
  return 0.5 * l2_ * squares;
}

template <typename T>
void update_elements(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
                     MatrixView<T> state) noexcept {
  const UpdateRule<T> local = rule;  // which the parameters cannot alias
  with_optimiser(local.optimiser, Optimisers{}, [&]<typename Entry>(Entry) {
    update_by<Entry>(local, theta, gradient.data(), state, std::make_index_sequence<Entry::state_buffers>());
  });
}

template struct OptimiserStep<float>;
template struct OptimiserStep<double>;
template class Optimiser<float>;
template class Optimiser<double>;
template void update_elements(const UpdateRule<float>&, std::span<float>, std::span<const float>,
                              MatrixView<float>) noexcept;
template void update_elements(const UpdateRule<double>&, std::span<double>, std::span<const double>,
                              MatrixView<double>) noexcept;

}  // namespace mlpbench
