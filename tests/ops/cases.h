#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "core/network.h"
#include "tests/support/guarded_buffer.h"

namespace mlpbench::test {

/// What the operands are filled with: numbers from [-1, 1), or integers from -4 to 4 without 0, whose sums of
/// products are exact in either precision, so that results must be equal in every order of summation. No
/// zeros: a factor that is zero hides what it is multiplied with.
enum class Data { real, integer };

/// One layer and one batch: W is (units x inputs), X is (inputs x batch).
struct Case {
  std::size_t units = 0, inputs = 0, batch = 0;
  Activation activation = Activation::identity;
  Placement placement;
  Data data = Data::real;
  std::uint32_t seed = 0;
};

std::string to_string(const Case& layer);

/// All layer activations; softmax is the last one.
std::span<const Activation> all_activations();

/// Lengths around the widths of the vectors: 0, 1, and for W = 4, 8, 16: W-1, W, W+1, 2W, 3W, 8W+2.
std::span<const std::size_t> edge_lengths();

/// Every height of a tile with every pair of edge lengths, the layers of the experiments, some larger ones,
/// each in one of the placements in turn; then `random` shapes drawn from a fixed seed.
std::vector<Case> layer_cases(std::size_t random);

/// `data` for the operands of a case. No std::..._distribution: the values must not depend on the library.
template <typename T>
void fill(MatrixView<T> matrix, Data data, std::mt19937& random) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j) {
      const auto word = static_cast<std::uint32_t>(random());
      const int sign = (word & 4) == 0 ? 1 : -1, magnitude = 1 + static_cast<int>(word & 3);
      matrix(i, j) = static_cast<T>(data == Data::integer ? sign * magnitude : word * 0x1p-31 - 1.0);
    }
  }
}

/// Numbers that `activation` may have for values, as the derivative expects them.
template <typename T>
void fill_activations(MatrixView<T> matrix, Activation activation, Data data, std::mt19937& random) {
  fill(matrix, data, random);
  if (activation != Activation::sigmoid && activation != Activation::softmax) return;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j) matrix(i, j) = T(0.5) + T(0.499) * matrix(i, j);
  }
}

}  // namespace mlpbench::test
