// Turns the templates of this folder into the KernelTable of one instruction set. The last include of a
// kernels_*.cpp, after its vec.h.
#pragma once

#include "backends/simd/fused_step.h"
#include "backends/simd/kernel_table.h"

namespace mlpbench::simd {
namespace {

template <typename T, typename Function>
inline void map(const T* x, T* y, std::size_t size, Function function) {
  for_each_vec<Vec<T>>(
      size, [&](std::size_t j, auto part) { store(function(load<Vec<T>>(x + j, part)), y + j, part); });
}

template <typename T>
struct Kernels {
  using V = Vec<T>;

  static void dense_forward(MatrixView<const T> W, const T* b, MatrixView<const T> X, Activation activation,
                            MatrixView<T> A, T* scratch, MatrixView<T> Z) {
    simd::dense_forward<V>(W, b, X, activation, A, scratch, Z);
  }
  static double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                             MatrixView<const T> Y, MatrixView<T> dZ, MatrixView<const T> Z) {
    return simd::output_delta<V>(loss, activation, A, Y, dZ, Z);
  }
  static void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW, T* db,
                              T* scratch, std::size_t units, std::size_t inputs) {
    simd::weight_gradient<V>(dZ, X, scale, dW, db, scratch, units, inputs);
  }
  static void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                          Activation activation, MatrixView<T> dZ_prev, T* scratch) {
    simd::input_delta<V>(W, dZ, saved_prev, activation, dZ_prev, scratch);
  }
  static void update(const UpdateRule<T>& rule, T* theta, const T* gradient, std::size_t size,
                     MatrixView<T> state) {
    simd::update<V>(rule, theta, gradient, size, state);
  }
  static void accumulate(T* sum, const T* addend, std::size_t size) {
    simd::accumulate<V>(sum, addend, size);
  }
  static double fused_gradients(const FusedStep<T>& step) { return simd::fused_gradients<V>(step); }
  static std::size_t layer_scratch(std::size_t units, std::size_t inputs, std::size_t batch) {
    return simd::layer_scratch<V>(units, inputs, batch);
  }
  static void exp(const T* x, T* y, std::size_t size) {
    map(x, y, size, [](V v) { return simd::exp(v); });
  }
  static void log(const T* x, T* y, std::size_t size) {
    map(x, y, size, [](V v) { return simd::log(v); });
  }
  static void tanh(const T* x, T* y, std::size_t size) {
    map(x, y, size, [](V v) { return simd::tanh(v); });
  }
  static void sigmoid(const T* x, T* y, std::size_t size) {
    map(x, y, size, [](V v) { return simd::sigmoid(v); });
  }

  static constexpr KernelTable<T> table = {
      dense_forward, output_delta,    weight_gradient, input_delta, update,
      accumulate,    fused_gradients, layer_scratch,   exp,         log,
      tanh,          sigmoid};
};

}  // namespace
}  // namespace mlpbench::simd
