#pragma once

#include "core/network.h"
#include "core/optimisers/formula.h"

namespace mlpbench {

/// Calls part(rule, first, count) for each run of the parameters [first, first + count) that one rule
/// updates. That is all of them, or weights and biases in turn where biases are without l2 and decay.
template <typename T, typename Part>
void for_each_rule(const UpdateRule<T>& rule, const Parameters<T>& theta, std::size_t first,
                   std::size_t count, Part part) {
  if (!rule.regulariser.spares_biases()) return part(rule, first, count);
  const UpdateRule<T> of_biases = rule.of_biases();
  theta.for_each_part(first, count, [&](std::size_t begin, std::size_t size, bool is_weights) {
    part(is_weights ? rule : of_biases, begin, size);
  });
}

}  // namespace mlpbench
