#include "core/optimisers/optimiser.h"

#include <algorithm>
#include <string>

#include "core/optimisers/list.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

template <typename... Entries>
constexpr std::array<OptimiserEntry, sizeof...(Entries)> entries_of(OptimiserList<Entries...>) {
  static_assert(((Entries::coefficient_count <= kMaxCoefficients) && ...));
  static_assert(((Entries::state_buffers <= kMaxStateBuffers) && ...));
  return {{{Entries::name, Entries::about, Entries::hyper_parameters, Entries::state_buffers,
            Entries::coefficients}...}};
}

constexpr auto kEntries = entries_of(Optimisers{});
static_assert(kEntries[kSgd].name == Sgd::name);

template <typename Entry, typename T, std::size_t... s>
void update_by(const T* c, std::span<T> theta, const T* gradient, MatrixView<T> state,
               std::index_sequence<s...>) {
  for (std::size_t p = 0; p < theta.size(); ++p) {
    Entry::update(c, gradient[p], theta[p], state.data[s * state.stride + p]...);
  }
}

}  // namespace

std::span<const OptimiserEntry> all_optimisers() { return kEntries; }

const OptimiserEntry& find_optimiser(std::string_view name) {
  for (const OptimiserEntry& entry : kEntries) {
    if (entry.name == name) return entry;
  }
  throw UserError("--optimiser: unknown optimiser '" + std::string(name) +
                  "'; there are: " + listed(kEntries, &OptimiserEntry::name));
}

template <typename T>
Optimiser<T>::Optimiser(const OptimiserSpec& spec, double learning_rate, const NetworkSpec& network)
    : entry_(find_optimiser(spec.name)),
      hyper_parameters_(spec.hyper_parameters),
      learning_rate_(learning_rate),
      state_(entry_.state_buffers, network.parameter_count()) {
  for (std::size_t h = hyper_parameters_.size(); h < entry_.hyper_parameters.size(); ++h) {
    hyper_parameters_.push_back(entry_.hyper_parameters[h].value);
  }
}

template <typename T>
OptimiserStep<T> Optimiser<T>::at(std::size_t update) noexcept {
  double coefficients[kMaxCoefficients] = {};
  entry_.coefficients(learning_rate_, hyper_parameters_.data(), update, coefficients);
  OptimiserStep<T> step{{static_cast<std::size_t>(&entry_ - kEntries.data()), {}}, state_.view()};
  std::transform(coefficients, coefficients + kMaxCoefficients, step.rule.coefficients,
                 [](double c) { return static_cast<T>(c); });
  return step;
}

template <typename T>
void update_elements(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
                     MatrixView<T> state) noexcept {
  const UpdateRule<T> local = rule;  // which the parameters cannot alias
  with_optimiser(local.optimiser, Optimisers{}, [&]<typename Entry>(Entry) {
    update_by<Entry>(local.coefficients, theta, gradient.data(), state,
                     std::make_index_sequence<Entry::state_buffers>());
  });
}

template class Optimiser<float>;
template class Optimiser<double>;
template void update_elements(const UpdateRule<float>&, std::span<float>, std::span<const float>,
                              MatrixView<float>) noexcept;
template void update_elements(const UpdateRule<double>&, std::span<double>, std::span<const double>,
                              MatrixView<double>) noexcept;

}  // namespace mlpbench
