// The optimisers there are: a file and a place in the list each. The first is the default of every program.
#pragma once

#include <utility>

#include "core/optimisers/adam.h"
#include "core/optimisers/adaptive.h"
#include "core/optimisers/momentum.h"
#include "core/optimisers/sgd.h"

namespace mlpbench {

template <typename... Entries>
struct OptimiserList {};

using Optimisers =
    OptimiserList<Sgd, Momentum, MomentumTorch, Nesterov, NesterovTorch, AdaGrad, RmsProp, Adam, AdamW>;

template <typename... Entries>
constexpr std::size_t count(OptimiserList<Entries...>) {
  return sizeof...(Entries);
}
inline constexpr std::size_t kOptimiserCount = count(Optimisers{});

/// body(Sgd{}) for 0, and so on.
template <typename Body, typename... Entries>
[[gnu::always_inline]] inline void with_optimiser(std::size_t place, OptimiserList<Entries...>, Body body) {
  std::size_t next = 0;
  static_cast<void>(((next++ == place && (body(Entries{}), true)) || ...));
}

}  // namespace mlpbench
