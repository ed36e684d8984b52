// What the lists of wrong backends are made with. wrong_backend.cpp has the forward pass and how operands are
// reached. wrong_training.cpp has what follows it in a step.
#pragma once

#include "tests/ops/wrong_backend.h"

namespace mlpbench::test {

template <typename T>
using Mutants = std::vector<WrongBackend<T>>;

/// A copy of the right backend, to be given the mistake that it is named after.
template <typename T>
WrongBackend<T>& add(Mutants<T>& mutants, std::string_view mistake) {
  mutants.emplace_back();
  mutants.back().mistake = mistake;
  return mutants.back();
}

/// function(element, row, column) on every element.
template <typename T, typename Function>
void each(MatrixView<T> matrix, Function function) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t n = 0; n < matrix.cols; ++n) function(matrix(i, n), i, n);
  }
}

/// Mistakes in the loss, the gradients and the update.
template <typename T>
void add_wrong_training(Mutants<T>& mutants);

}  // namespace mlpbench::test
