// The formulas as Eigen expressions: what a C++ user would write with it. Compiled once for each
// instruction set, because Eigen chooses its vectors when it is compiled. The loss and the updates of
// optimisers other than SGD run on the templates of backends/simd over 16-byte vectors.

#include "backends/modules/module.h"

#include <Eigen/Core>

#include "backends/simd/vec_baseline.h"
#include "support/shared_library.h"
//
#include "backends/simd/elementwise.h"

namespace mlpbench {
namespace {

template <typename T>
using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <typename T>
using Column = Eigen::Matrix<T, Eigen::Dynamic, 1>;
template <typename T>
using ConstOf = std::conditional_t<std::is_const_v<T>, const RowMajor<std::remove_const_t<T>>, RowMajor<T>>;

/// A view as Eigen's matrix on the same memory.
template <typename T>
Eigen::Map<ConstOf<T>, Eigen::Unaligned, Eigen::OuterStride<>> map(MatrixView<T> view) {
  return {view.data, static_cast<Eigen::Index>(view.rows), static_cast<Eigen::Index>(view.cols),
          Eigen::OuterStride<>(static_cast<Eigen::Index>(view.stride))};
}

template <typename T>
Eigen::Map<Column<T>> map(std::span<T> values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}
template <typename T>
Eigen::Map<const Column<T>> map(std::span<const T> values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

/// A = act(Z). Eigen's own functions where it has them, the suite's formula of an element elsewhere. A may
/// be Z.
template <typename T>
void activate(Activation activation, MatrixView<const T> Z, MatrixView<T> A) {
  const auto z = map(Z).array();
  auto a = map(A).array();
  switch (activation) {
    case Activation::relu:
      a = z.max(T{0});  // NaN stays NaN: the first operand is kept where the comparison fails
      break;
    case Activation::tanh:
      a = z.tanh();
      break;
    case Activation::sigmoid:
      a = z.logistic();
      break;
    case Activation::softmax:
      a = (z.rowwise() - z.colwise().maxCoeff().eval()).exp();
      a.rowwise() /= a.colwise().sum().eval();
      break;
    default:
      visit(activation, [&](auto act) {
        if constexpr (decltype(act)::info.cost != Cost::none) {
          a = z.unaryExpr([act](T element) { return act.forward(element); });
        } else if (A.data != Z.data) {
          a = z;
        }
      });
  }
}

template <typename T>
class EigenBackend final : public Backend<T> {
  using V = simd::Vec<T>;

 public:
  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T>,
                     MatrixView<T> Z) const noexcept override {
    if (A.empty()) return;
    const MatrixView<T> sums = Z.empty() ? A : Z;
    auto z = map(sums);
    z.colwise() = map(b);  // before the product: = would set z to 0 first, and add b in a pass of its own
    z.noalias() += map(W) * map(X);
    activate<T>(activation, sums, A);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    return simd::output_delta<V>(loss, activation, A, Y, dZ, Z);
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T>) const noexcept override {
    map(dW).noalias() = scale * map(dZ) * map(X).transpose();
    map(db) = scale * map(dZ).rowwise().sum();
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    if (dZ_prev.empty()) return;
    auto dA = map(dZ_prev);
    dA.noalias() = map(W).transpose() * map(dZ);
    visit(activation, [&](auto act) {
      if constexpr (decltype(act)::info.cost != Cost::none) {
        dA = map(saved_prev).binaryExpr(dA, [act](T saved, T element) {
          return act.backward(saved, element);
        });
      }
    });
  }

  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    if (!rule.is_plain_sgd())
      return simd::update<simd::Vec<T>>(rule, theta.data(), gradient.data(), theta.size(), state);
    map(theta) -= rule.coefficients[0] * map(gradient);
  }

  void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept override {
    map(sum) += map(addend);
  }
};

constexpr Isa kIsa = MLPBENCH_MODULE_ISA;

LibraryReport report() {
  return {.version = "Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." +
                     std::to_string(EIGEN_MAJOR_VERSION) + "." + std::to_string(EIGEN_MINOR_VERSION),
          .path = file_of_address(reinterpret_cast<const void*>(&report)),
          .kernels = kIsa == Isa::avx512 ? "AVX512" : "AVX2",
          .isa = kIsa,
          .exceptions = {.allocates = true, .has_own_functions = true, .rounds_by_placement = true}};
}

void entries(std::vector<BackendEntry>& all) {
  static const EigenBackend<float> float32;
  static const EigenBackend<double> float64;
  all.push_back({.name = "eigen",
                 .about = "the formulas as Eigen expressions; the loss vectorised at the baseline",
                 .required_isa = kIsa,
                 .library = report,
                 .float32 = &float32,
                 .float64 = &float64});
}

}  // namespace
}  // namespace mlpbench

MLPBENCH_BACKEND_MODULE(mlpbench::entries)
