// The operations of core/backend.h as cases to time: each makes its operands, compares one call with what
// the naive backend leaves, and is then called again and again.
#pragma once

#include "backends/registry.h"
#include "backends/simd/simd_backend.h"
#include "bench/operations/operands.h"

namespace mlpbench {

/// The network of one layer, for Backend::scratch_size().
inline NetworkSpec one_layer(LayerShape shape) {
  NetworkSpec network;
  network.inputs = shape.inputs;
  network.layers = {{shape.units, Activation::identity}};
  return network;
}

template <typename T>
AlignedBuffer<T> scratch_for(const Backend<T>& backend, LayerShape shape) {
  return AlignedBuffer<T>(backend.scratch_size(one_layer(shape), shape.batch));
}

template <typename T>
class DenseForwardCase {
 public:
  DenseForwardCase(const Backend<T>& backend, LayerShape shape, Activation activation)
      : backend_(backend),
        activation_(activation),
        in_(layer_operands<T>(shape)),
        A_(Matrix<T>::padded(shape.units, shape.batch)),
        scratch_(scratch_for(backend, shape)) {}

  void operator()() { run(backend_, *in_, activation_, A_, scratch_.span()); }

  std::string problem() {
    const auto expected = made_once<Expected<T>>(key(), [&] {
      const LayerShape s = in_->shape;
      Expected<T> e{Matrix<T>(s.units, s.batch), {}, {}};
      LayerOperands<T> sizes = *in_;
      sizes.W = absolute(in_->W), sizes.b = absolute(in_->b);
      run(reference_backend<T>(), sizes, Activation::identity, e.first, {});
      e.tolerance = {s.inputs + 1, std::max(1.0, largest(e.first))};
      run(reference_backend<T>(), *in_, activation_, e.first, {});
      return e;
    });
    (*this)();
    return expected->problem("A", std::as_const(A_).view());
  }

 private:
  static void run(const Backend<T>& backend, const LayerOperands<T>& in, Activation activation, Matrix<T>& A,
                  std::span<T> scratch) {
    backend.dense_forward(in.W.view(), {in.b.row(0), in.b.cols()}, in.X.view(), activation, A.view(),
                          scratch);
  }
  std::string key() const {
    return "dense_forward " + std::string(to_string(activation_)) + " " + to_string(in_->shape);
  }

  const Backend<T>& backend_;
  Activation activation_;
  std::shared_ptr<const LayerOperands<T>> in_;
  Matrix<T> A_;
  AlignedBuffer<T> scratch_;
};

template <typename T>
class WeightGradientCase {
 public:
  WeightGradientCase(const Backend<T>& backend, LayerShape shape)
      : backend_(backend),
        in_(layer_operands<T>(shape)),
        dW_(shape.units, shape.inputs),
        db_(1, shape.units),
        scratch_(scratch_for(backend, shape)) {}

  void operator()() { run(backend_, *in_, dW_, db_, scratch_.span()); }

  std::string problem() {
    const auto expected = made_once<Expected<T>>("weight_gradient " + to_string(in_->shape), [&] {
      const LayerShape s = in_->shape;
      Expected<T> e{Matrix<T>(s.units, s.inputs), Matrix<T>(1, s.units), {}};
      LayerOperands<T> sizes = *in_;
      sizes.dZ = absolute(in_->dZ);
      run(reference_backend<T>(), sizes, e.first, e.second, {});
      e.tolerance = {s.batch, largest(e.first)};
      e.second_tolerance = {s.batch, largest(e.second)};
      run(reference_backend<T>(), *in_, e.first, e.second, {});
      return e;
    });
    (*this)();
    return expected->problem("dW", std::as_const(dW_).view(), "db", std::as_const(db_).view());
  }

 private:
  static void run(const Backend<T>& backend, const LayerOperands<T>& in, Matrix<T>& dW, Matrix<T>& db,
                  std::span<T> scratch) {
    const T scale = T{1} / static_cast<T>(in.shape.batch);
    backend.weight_gradient(in.dZ.view(), in.X.view(), scale, dW.view(), {db.row(0), db.cols()}, scratch);
  }

  const Backend<T>& backend_;
  std::shared_ptr<const LayerOperands<T>> in_;
  Matrix<T> dW_, db_;
  AlignedBuffer<T> scratch_;
};

template <typename T>
class InputDeltaCase {
 public:
  InputDeltaCase(const Backend<T>& backend, LayerShape shape, Activation activation)
      : backend_(backend),
        activation_(activation),
        in_(layer_operands<T>(shape)),
        dZ_prev_(Matrix<T>::padded(shape.inputs, shape.batch)),
        scratch_(scratch_for(backend, shape)) {}

  void operator()() { run(backend_, *in_, activation_, dZ_prev_, scratch_.span()); }

  std::string problem() {
    const auto expected = made_once<Expected<T>>(key(), [&] {
      const LayerShape s = in_->shape;
      Expected<T> e{Matrix<T>(s.inputs, s.batch), {}, {}};
      LayerOperands<T> sizes = *in_;
      sizes.W = absolute(in_->W), sizes.dZ = absolute(in_->dZ);
      run(reference_backend<T>(), sizes, Activation::identity, e.first, {});
      e.tolerance = {s.units, largest(e.first)};
      run(reference_backend<T>(), *in_, activation_, e.first, {});
      return e;
    });
    (*this)();
    return expected->problem("dZ_prev", std::as_const(dZ_prev_).view());
  }

 private:
  static void run(const Backend<T>& backend, const LayerOperands<T>& in, Activation activation,
                  Matrix<T>& dZ_prev, std::span<T> scratch) {
    backend.input_delta(in.W.view(), in.dZ.view(), in.X.view(), activation, dZ_prev.view(), scratch);
  }
  std::string key() const {
    return "input_delta " + std::string(to_string(activation_)) + " " + to_string(in_->shape);
  }

  const Backend<T>& backend_;
  Activation activation_;
  std::shared_ptr<const LayerOperands<T>> in_;
  Matrix<T> dZ_prev_;
  AlignedBuffer<T> scratch_;
};

/// The last layer's outputs lie in (0, 1) and its targets are 0 or 1, one 1 a sample for softmax.
template <typename T>
class OutputDeltaCase {
 public:
  OutputDeltaCase(const Backend<T>& backend, std::size_t outputs, std::size_t batch, LossSpec loss,
                  Activation activation)
      : backend_(backend),
        loss_(loss),
        activation_(activation),
        A_(Matrix<T>::padded(outputs, batch)),
        Y_(Matrix<T>::padded(outputs, batch)),
        dZ_(Matrix<T>::padded(outputs, batch)) {
    std::mt19937 random(20260102);
    fill_uniform(A_.view(), 0.05, 0.95, random);
    for (std::size_t n = 0; n < batch; ++n) {
      for (std::size_t k = 0; k < outputs; ++k) {
        Y_(k, n) = loss.kind == Loss::softmax_cross_entropy ? T(k == n % outputs) : T(random() % 2);
      }
    }
  }

  void operator()() { sum_ = run(backend_, dZ_); }

  std::string problem() {
    Expected<T> e{Matrix<T>(A_.rows(), A_.cols()), {}, {}};
    const double sum = run(reference_backend<T>(), e.first);
    e.tolerance = {1, 1.0};
    (*this)();
    const std::string differs = e.problem("dZ", std::as_const(dZ_).view());
    if (!differs.empty()) return differs;
    const double allowed = Tolerance{A_.rows() * A_.cols(), sum}.template value<T>();
    if (agree(sum_, sum, allowed)) return "";
    return "loss: " + std::to_string(sum_) + ", expected " + std::to_string(sum);
  }

 private:
  double run(const Backend<T>& backend, Matrix<T>& dZ) const {
    return backend.output_delta(loss_, activation_, A_.view(), Y_.view(), dZ.view());
  }

  const Backend<T>& backend_;
  LossSpec loss_;
  Activation activation_;
  Matrix<T> A_, Y_, dZ_;
  double sum_ = 0.0;
};

template <typename T>
class UpdateCase {
 public:
  UpdateCase(const Backend<T>& backend, std::size_t parameters)
      : backend_(backend), theta_(1, parameters), gradient_(1, parameters) {
    std::mt19937 random(20260103);
    fill_uniform(theta_.view(), -1.0, 1.0, random);
    fill_uniform(gradient_.view(), -1.0, 1.0, random);
  }

  /// So small a rate that theta stays of its size for as many updates as the clock wants.
  void operator()() { run(backend_, theta_, 1e-9); }

  std::string problem() {
    Expected<T> e{theta_, {}, {}};
    Matrix<T> theta = theta_;
    run(reference_backend<T>(), e.first, 0.1);
    run(backend_, theta, 0.1);
    e.tolerance = {1, 1.0};
    return e.problem("theta", std::as_const(theta).view());
  }

 private:
  void run(const Backend<T>& backend, Matrix<T>& theta, double rate) const {
    backend.update(sgd_rule<T>(rate), {theta.row(0), theta.cols()}, {gradient_.row(0), gradient_.cols()}, {});
  }

  const Backend<T>& backend_;
  Matrix<T> theta_, gradient_;
};

/// exp, log, tanh or sigmoid of a SIMD backend by itself, against the C library's.
template <typename T>
class ElementaryCase {
 public:
  using Map = void (*)(const T* x, T* y, std::size_t size);
  using Exact = T (*)(T x);

  ElementaryCase(Map map, Exact exact, std::size_t size, double from, double to)
      : map_(map), exact_(exact), x_(1, size), y_(1, size) {
    std::mt19937 random(20260104);
    fill_uniform(x_.view(), from, to, random);
  }

  void operator()() { map_(x_.row(0), y_.row(0), x_.cols()); }

  /// Both are off by at most two units in the last place or so, and are never near 0 for long.
  std::string problem() {
    (*this)();
    for (std::size_t j = 0; j < x_.cols(); ++j) {
      const T expected = exact_(x_(0, j));
      const Tolerance tolerance{1, std::max(std::abs(static_cast<double>(expected)), 1e-6)};
      if (agree(static_cast<double>(y_(0, j)), static_cast<double>(expected), tolerance.value<T>())) continue;
      return "f(" + std::to_string(x_(0, j)) + ") = " + std::to_string(y_(0, j)) + ", expected " +
             std::to_string(expected);
    }
    return "";
  }

 private:
  Map map_;
  Exact exact_;
  Matrix<T> x_, y_;
};

/// An elementary function of a SIMD backend, and the arguments that training gives it.
template <typename T>
struct ElementaryFunction {
  const char* name;
  typename ElementaryCase<T>::Map map;
  typename ElementaryCase<T>::Exact exact;
  double from, to;

  ElementaryCase<T> case_of(std::size_t size) const { return {map, exact, size, from, to}; }
};

/// None for a backend that has no kernels of its own (backends/simd) or cannot run here.
template <typename T>
std::vector<ElementaryFunction<T>> elementary_functions(const BackendEntry& entry) {
  if (!unusable_reason(entry).empty()) return {};
  const auto* simd = dynamic_cast<const SimdBackend<T>*>(&entry.get<T>());
  if (simd == nullptr) return {};
  const simd::KernelTable<T>& kernels = simd->kernels();
  return {{"exp", kernels.exp, [](T x) { return std::exp(x); }, -10, 10},
          {"log", kernels.log, [](T x) { return std::log(x); }, 0.001, 0.9},
          {"tanh", kernels.tanh, [](T x) { return std::tanh(x); }, -4, 4},
          {"sigmoid", kernels.sigmoid, [](T x) { return 1 / (1 + std::exp(-x)); }, -8, 8}};
}

}  // namespace mlpbench
