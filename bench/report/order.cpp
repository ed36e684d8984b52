#include "bench/report/order.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "backends/registry.h"
#include "core/training/trainer.h"
#include "experiments/experiment.h"

namespace mlpbench {
namespace {

template <typename List, typename Matches>
std::size_t place_in(const List& list, Matches matches) {
  const auto found = std::find_if(std::begin(list), std::end(list), matches);
  return static_cast<std::size_t>(std::distance(std::begin(list), found));
}

template <typename List>
std::size_t place_of_name(const List& list, std::string_view name) {
  return place_in(list, [&](const auto& entry) { return entry.name == name; });
}

}  // namespace

std::size_t place_of_experiment(std::string_view name) { return place_of_name(all_experiments(), name); }

std::size_t place_of_backend(std::string_view name) { return place_of_name(all_backends(), name); }

std::size_t place_of_trainer(std::string_view name) {
  return place_in(all_trainers(), [&](const TrainerEntry& entry) {
    return name.starts_with(entry.name) &&
           (name.size() == entry.name.size() || name[entry.name.size()] == '-');
  });
}

std::size_t place_of_dtype(std::string_view name) {
  static constexpr std::array<std::string_view, 2> kNames = {"float64", "float32"};
  return place_in(kNames, [&](std::string_view known) { return known == name; });
}

std::size_t place_of_level(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kNames = {"L1", "L2", "L3", "memory"};
  return place_in(kNames, [&](std::string_view known) { return known == name; });
}

}  // namespace mlpbench
