#pragma once

#include <libxsmm.h>

#include <type_traits>

namespace mlpbench {

/// A product of column-major matrices in libxsmm's terms, C = op(A) op(B) + beta C, (m x n) with k terms.
/// `gemm_flags` has LIBXSMM_GEMM_FLAG_TRANS_B and LIBXSMM_GEMM_FLAG_BETA_0. No size is 0. libxsmm 1.17 reads
/// no transposed A. Where `copies_A` is true, op(A) is the transpose of a matrix (k x m) with the leading
/// dimension `lda`. It is copied first into one with the leading dimension m.
struct ProductShape {
  libxsmm_blasint m = 0, n = 0, k = 0, lda = 0, ldb = 0, ldc = 0;
  int gemm_flags = LIBXSMM_GEMM_FLAG_NONE;
  bool copies_A = false;

  bool operator==(const ProductShape&) const = default;
};

/// libxsmm's code for one shape. Both are null where it writes none for this CPU.
template <typename T>
struct ProductKernels {
  std::conditional_t<std::is_same_v<T, float>, libxsmm_smmfunction, libxsmm_dmmfunction> multiply = nullptr;
  libxsmm_xtransfunction transpose = nullptr;  ///< makes the copy of A; null where there is none
};

/// The kernels of a shape: libxsmm compiles them when the process first asks, and its registry is not asked
/// again. Any number of threads may ask. Nothing is freed before the program ends, as in libxsmm.
template <typename T>
const ProductKernels<T>& kernels_of(const ProductShape& shape);

}  // namespace mlpbench
