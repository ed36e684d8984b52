// The formulas as Armadillo expressions: what a C++ user would write without this suite. The functions of an
// element are those of core/activations and core/losses.
//
// Armadillo is column-major, so it reads the same memory as the transpose of every matrix. Xt is (batch x
// inputs), a column for each feature, and A^T = act(X^T W^T + 1 b^T). Its matrices have no stride. A batch
// with padded rows is a taller matrix, and its first `batch` rows are used.

#include <algorithm>

#include "backends/armadillo/blas_functions.h"
#include "backends/armadillo/headers.h"
#include "backends/cblas/library.h"
#include "backends/registry.h"
#include "backends/simd/vec_baseline.h"
//
#include "backends/simd/elementwise.h"

namespace mlpbench {
namespace {

/// The transpose of a view, (cols x rows), in the view's memory. Armadillo wraps only mutable memory; nothing
/// is written through a view of const.
template <typename T>
arma::Mat<std::remove_const_t<T>> whole_transposed(MatrixView<T> view) {
  using Element = std::remove_const_t<T>;
  return arma::Mat<Element>(const_cast<Element*>(view.data), view.stride, view.rows, /*copy_aux_mem=*/false,
                            /*strict=*/true);
}

/// The same as a matrix of its own, without the padding. An empty one has no memory that Armadillo could
/// refer to.
template <typename T>
arma::Mat<std::remove_const_t<T>> transposed(MatrixView<T> view) {
  if (view.empty()) return arma::Mat<std::remove_const_t<T>>(view.cols, view.rows);
  if (view.stride == view.cols) return whole_transposed(view);
  return whole_transposed(view).head_rows(view.cols);
}

template <typename T>
void assign(MatrixView<T> view, const arma::Mat<T>& value_transposed) {
  if (view.empty()) return;
  arma::Mat<T> whole = whole_transposed(view);
  whole.head_rows(view.cols) = value_transposed;
}

/// The view's transpose = left * right, computed in the view's memory where that has no padding.
template <typename T, typename Left>
void multiply_into(MatrixView<T> view, const Left& left, const arma::Mat<T>& right) {
  if (view.stride != view.cols) return assign(view, arma::Mat<T>(left * right));
  arma::Mat<T> whole = whole_transposed(view);
  whole = left * right;
}

/// The batch of a matrix of Armadillo's, whose memory is used.
template <typename T>
MatrixView<T> untransposed(arma::Mat<T>& matrix) {
  return {matrix.memptr(), matrix.n_cols, matrix.n_rows, matrix.n_rows};
}

template <typename T>
class ArmadilloBackend final : public Backend<T> {
  using Mat = arma::Mat<T>;

 public:
  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T>,
                     MatrixView<T> Z) const noexcept override {
    if (A.empty()) return;
    Mat Zt = W.cols == 0 ? Mat(A.cols, A.rows) : Mat(transposed(X) * transposed(W));
    Zt.each_row() += arma::Row<T>(b.data(), b.size());
    if (!Z.empty()) assign(Z, Zt);
    visit(activation, [&](auto act) {
      if constexpr (act.info.cost != Cost::none) Zt.transform([&](T z) { return act.forward(z); });
    });
    forward_units(activation, untransposed(Zt));
    assign(A, Zt);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    if (A.empty()) return 0.0;
    const Mat At = transposed(A), Yt = transposed(Y);
    const Mat Zt = info(activation).needs_z ? transposed(Z) : Mat();
    const Mat& saved = info(activation).needs_z ? Zt : At;
    Mat losses(arma::size(At), arma::fill::none), dZt(arma::size(At), arma::fill::none);
    visit(loss.kind, activation, [&](auto of, auto act) {
      for (arma::uword i = 0; i < At.n_elem; ++i) {
        losses[i] = of.value(At[i], Yt[i], loss);
        dZt[i] = act.backward(saved[i], of.delta(At[i], Yt[i], loss));
      }
    });
    assign(dZ, dZt);
    return static_cast<double>(arma::accu(losses));
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T>) const noexcept override {
    if (dZ.empty()) {
      assign(dW, Mat(dW.cols, dW.rows));
      std::fill(db.begin(), db.end(), T{0});
      return;
    }
    const Mat dZt = transposed(dZ);
    if (!dW.empty()) multiply_into(dW, scale * transposed(X).t(), dZt);
    arma::Row<T>(db.data(), db.size(), /*copy_aux_mem=*/false, /*strict=*/true) = scale * arma::sum(dZt, 0);
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    if (dZ_prev.empty()) return;
    Mat dAt = W.rows == 0 ? Mat(dZ.cols, W.cols) : Mat(transposed(dZ) * transposed(W).t());
    visit(activation, [&](auto act) {
      for (std::size_t u = 0; u < saved_prev.rows; ++u) {
        std::transform(saved_prev.row(u), saved_prev.row(u) + saved_prev.cols, dAt.colptr(u), dAt.colptr(u),
                       [&](T saved, T dA) { return act.backward(saved, dA); });
      }
    });
    assign(dZ_prev, dAt);
  }

  /// The formulas of optimisers are the suite's, over the vectors of the baseline.
  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    simd::update<simd::Vec<T>>(rule, theta.data(), gradient.data(), theta.size(), state);
  }
};

/// OpenBLAS's, under Armadillo's name.
LibraryReport library_report() {
  LibraryReport report = openblas_library().report();
  if (report.version.empty()) return report;
  report.exceptions.allocates = true;  // its temporaries
  report.version = "Armadillo " + arma::arma_version::as_string() + " with " + report.version;
  return report;
}

}  // namespace

BackendEntry armadillo_backend() {
  static const ArmadilloBackend<float> float32;
  static const ArmadilloBackend<double> float64;
  return {.name = "armadillo",
          .about = "the formulas as Armadillo expressions, products by OpenBLAS",
          .library = library_report,
          .refusal = bind_armadillo_blas,
          .float32 = &float32,
          .float64 = &float64};
}

}  // namespace mlpbench
