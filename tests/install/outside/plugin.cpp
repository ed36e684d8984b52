// A backend of somebody else, built against the installed package and opened by the suite's programs at run
// time.

#include "backends/modules/module.h"
#include "support/subnormals.h"

namespace {

using namespace mlpbench;

#ifdef PLUGIN_FLUSHES
// As a library does that was linked with GCC's -ffast-math: in the thread that opens it, for good.
[[maybe_unused]] const SubnormalsScope* const flushing = new SubnormalsScope(Subnormals::flush);
#endif

#ifndef PLUGIN_INTERFACE
#define PLUGIN_INTERFACE kModuleInterface
#endif

/// Plain loops, samples innermost.
template <typename T>
class Loops final : public Backend<T> {
 public:
  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T>,
                     MatrixView<T> Z) const noexcept override {
    for (std::size_t u = 0; u < A.rows; ++u) {
      for (std::size_t n = 0; n < A.cols; ++n) {
        T z = b[u];
        for (std::size_t i = 0; i < W.cols; ++i) z += W(u, i) * X(i, n);
        if (!Z.empty()) Z(u, n) = z;
        A(u, n) = forward(activation, z);
      }
    }
    forward_units(activation, A);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    double sum = 0;
    for (std::size_t k = 0; k < A.rows; ++k) {
      for (std::size_t n = 0; n < A.cols; ++n) {
        const T a = A(k, n), saved = info(activation).needs_z ? Z(k, n) : a;
        sum += static_cast<double>(loss_value(loss, a, Y(k, n)));
        dZ(k, n) = output_delta_of(loss, activation, a, saved, Y(k, n));
      }
    }
    return sum;
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T>) const noexcept override {
    for (std::size_t u = 0; u < dW.rows; ++u) {
      db[u] = 0;
      for (std::size_t n = 0; n < dZ.cols; ++n) db[u] += scale * dZ(u, n);
      for (std::size_t i = 0; i < dW.cols; ++i) {
        dW(u, i) = 0;
        for (std::size_t n = 0; n < dZ.cols; ++n) dW(u, i) += scale * dZ(u, n) * X(i, n);
      }
    }
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    for (std::size_t i = 0; i < dZ_prev.rows; ++i) {
      for (std::size_t n = 0; n < dZ_prev.cols; ++n) {
        T dA = 0;
        for (std::size_t u = 0; u < W.rows; ++u) dA += W(u, i) * dZ(u, n);
        dZ_prev(i, n) = backward(activation, saved_prev(i, n), dA);
      }
    }
  }
};

void entries(std::vector<BackendEntry>& all) {
  static const Loops<float> float32;
  static const Loops<double> float64;
  all.push_back({.name = "plugin", .about = "loops from outside", .float32 = &float32, .float64 = &float64});
}

}  // namespace

extern "C" [[gnu::visibility("default")]] const ModuleDescription mlpbench_module;
const ModuleDescription mlpbench_module = [] {
  ModuleDescription module{.entries = entries};
  module.header.interface = PLUGIN_INTERFACE;
  return module;
}();
