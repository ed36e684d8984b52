#pragma once

#include <cstddef>

#include "core/loss.h"
#include "core/matrix_view.h"
#include "core/optimisers/formula.h"

namespace mlpbench::simd {

/// The largest network whose step is fused. Its weight gradient sums over lanes, and so does that of every
/// layer of this size. A layer of 32 inputs fills whole Vecs and is faster the other way.
constexpr std::size_t kFusedInputs = 31, kFusedUnits = 16;

/// Whether the fused step takes a hidden activation, or a loss with its canonical activation last. It takes
/// what is elementwise and needs no Z, because a strip has no room for Z.
constexpr bool is_fused(const ActivationInfo& hidden) noexcept {
  return !hidden.needs_z && !hidden.last_layer_only;
}
constexpr bool is_fused(const LossInfo& loss) noexcept { return !info(loss.canonical).last_layer_only; }

/// A batch for a network of one hidden layer of `units` and one output, whose activation and loss are fused.
template <typename T>
struct FusedStep {
  MatrixView<const T> X, Y;
  std::size_t units;
  Activation activation;  ///< of the hidden layer
  LossSpec loss;
  const T* theta;  ///< W1, b1, W2, b2
  T* gradient;     ///< in the same order
  T scale;         ///< of the gradients
};

/// The operations of core/backend.h as plain functions: what kernels_*.cpp, the only files that are compiled
/// with ISA flags, offers to its backend.cpp, which runs everywhere. Nothing in here may become a symbol that
/// two translation units share: the linker would keep one copy for everybody. So kernels read the members of
/// a MatrixView and call none of its functions.
template <typename T>
struct KernelTable {
  void (*dense_forward)(MatrixView<const T> W, const T* b, MatrixView<const T> X, Activation activation,
                        MatrixView<T> A, T* scratch, MatrixView<T> Z);
  double (*output_delta)(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                         MatrixView<const T> Y, MatrixView<T> dZ, MatrixView<const T> Z);

  /// dW may be a block of one of (units x inputs); db may be null.
  void (*weight_gradient)(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW, T* db,
                          T* scratch, std::size_t units, std::size_t inputs);
  void (*input_delta)(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                      Activation activation, MatrixView<T> dZ_prev, T* scratch);
  void (*update)(const UpdateRule<T>& rule, T* theta, const T* gradient, std::size_t size,
                 MatrixView<T> state);
  void (*accumulate)(T* sum, const T* addend, std::size_t size);

  /// The gradients of one batch, with the bits of the operations one after the other. Returns the loss summed
  /// over the batch. At most kFusedInputs inputs and kFusedUnits units.
  double (*fused_gradients)(const FusedStep<T>& step);

  /// Elements of scratch for the operations on a layer at up to `batch` samples.
  std::size_t (*layer_scratch)(std::size_t units, std::size_t inputs, std::size_t batch);

  /// y[i] = f(x[i]), for the tests of accuracy.
  void (*exp)(const T* x, T* y, std::size_t size);
  void (*log)(const T* x, T* y, std::size_t size);
  void (*tanh)(const T* x, T* y, std::size_t size);
  void (*sigmoid)(const T* x, T* y, std::size_t size);
};

}  // namespace mlpbench::simd
