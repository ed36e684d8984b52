#pragma once

#include <dnnl.hpp>
#include <string>

#include "core/activation.h"
#include "core/matrix_view.h"

namespace mlpbench {

/// oneDNN's matrix product C = act(scale op(A) op(B) + beta C), beta 0 or 1. Its plan for a shape, the
/// primitive with its kernel, is made when a thread first asks for the shape and kept for that thread.
/// Preparing is therefore part of the first step alone. C may hold NaN before where beta is 0. No operand
/// is empty. Float32 alone: 2.6 and 3 have no float64 on CPUs.
struct MatmulShape {
  std::size_t m = 0, n = 0, k = 0;
  std::size_t strideA = 0, strideB = 0, strideC = 0;
  bool transA = false, transB = false, adds = false;
  float scale = 1.0f;
  Activation activation = Activation::identity;  ///< of those that fuses_activation() names

  bool operator==(const MatmulShape&) const = default;
};

void matmul(const MatmulShape& shape, const float* A, const float* B, float* C);

/// Whether matmul() computes the activation by oneDNN itself, in the product's own pass.
bool fuses_activation(Activation activation) noexcept;

/// Why oneDNN cannot be used here, or empty.
std::string matmul_refusal();

}  // namespace mlpbench
