// The formulas as Armadillo expressions: what a C++ user would write without this suite.
//
// Armadillo is column-major, so the same memory read by it holds every matrix transposed: Xt is (batch x
// inputs), a column for each feature, and A^T = act(X^T W^T + 1 b^T). Its matrices have no stride; a batch
// with padded rows is a taller matrix of which the first `batch` rows are taken.

#include <armadillo>

#include "backends/blas/openblas_core.h"
#include "backends/registry.h"

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

template <typename T>
void activate(Activation activation, arma::Mat<T>& Zt) {
  switch (activation) {
    case Activation::sigmoid:
      Zt = T{1} / (T{1} + arma::exp(-Zt));
      break;
    case Activation::tanh:
      Zt = arma::tanh(Zt);
      break;
    case Activation::relu:
      Zt.transform([](T z) { return z < T{0} ? T{0} : z; });
      break;
    case Activation::elu:
      Zt.transform([](T z) { return z > T{0} ? z : std::expm1(z); });
      break;
    case Activation::softmax:
      Zt.each_col() -= arma::Col<T>(arma::max(Zt, 1));
      Zt = arma::exp(Zt);
      Zt.each_col() /= arma::Col<T>(arma::sum(Zt, 1));
      break;
    case Activation::identity:
      break;
  }
}

/// dZ = dA % act'(Z), from A = act(Z).
template <typename T>
arma::Mat<T> through_derivative(Activation activation, const arma::Mat<T>& At, const arma::Mat<T>& dAt) {
  switch (activation) {
    case Activation::sigmoid:
      return dAt % (At % (T{1} - At));
    case Activation::tanh:
      return dAt % (T{1} - arma::square(At));
    case Activation::relu: {
      arma::Mat<T> dZt(arma::size(dAt));
      const arma::uvec active = arma::find(At > T{0});
      dZt.elem(active) = dAt.elem(active);
      return dZt;
    }
    case Activation::elu: {
      arma::Mat<T> factor = At + T{1};
      factor.elem(arma::find(At > T{0})).ones();
      return dAt % factor;
    }
    case Activation::identity:
    case Activation::softmax:
      break;
  }
  return dAt;
}

/// log(x) with x no less than the smallest normal number; NaN stays NaN.
template <typename T>
arma::Mat<T> clipped_log(arma::Mat<T> x) {
  x.transform([](T v) { return v < std::numeric_limits<T>::min() ? std::numeric_limits<T>::min() : v; });
  return arma::log(x);
}

template <typename T>
T loss_sum(const LossSpec& loss, const arma::Mat<T>& At, const arma::Mat<T>& Yt) {
  const T epsilon = static_cast<T>(loss.log_epsilon);
  switch (loss.kind) {
    case Loss::binary_cross_entropy:
      return -arma::accu(Yt % clipped_log<T>(At + epsilon) +
                         (T{1} - Yt) % clipped_log<T>(T{1} - At + epsilon));
    case Loss::softmax_cross_entropy:
      return -arma::accu(Yt % clipped_log<T>(At + epsilon));
    case Loss::mean_squared_error:
      return arma::accu(arma::square(At - Yt));
  }
  return 0;
}

template <typename T>
class ArmadilloBackend final : public Backend<T> {
  using Mat = arma::Mat<T>;

 public:
  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T>) const noexcept override {
    if (A.empty()) return;
    Mat Zt = W.cols == 0 ? Mat(A.cols, A.rows) : Mat(transposed(X) * transposed(W));
    Zt.each_row() += arma::Row<T>(b.data(), b.size());
    activate(activation, Zt);
    assign(A, Zt);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ) const noexcept override {
    if (A.empty()) return 0.0;
    const Mat At = transposed(A), Yt = transposed(Y);
    const T sum = loss_sum(loss, At, Yt);
    const bool own_activation = loss.kind != Loss::mean_squared_error;
    assign(dZ, own_activation ? Mat(At - Yt) : through_derivative(activation, At, Mat(At - Yt)));
    return static_cast<double>(sum);
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T>) const noexcept override {
    if (dZ.empty()) {
      assign(dW, Mat(dW.cols, dW.rows));
      std::fill(db.begin(), db.end(), T{0});
      return;
    }
    const Mat dZt = transposed(dZ);
    if (!dW.empty()) assign(dW, Mat(scale * (transposed(X).t() * dZt)));
    arma::Row<T>(db.data(), db.size(), /*copy_aux_mem=*/false, /*strict=*/true) = scale * arma::sum(dZt, 0);
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> A_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    if (dZ_prev.empty()) return;
    const Mat dAt = W.rows == 0 ? Mat(dZ.cols, W.cols) : Mat(transposed(dZ) * transposed(W).t());
    assign(dZ_prev, through_derivative(activation, transposed(A_prev), dAt));
  }
};

std::string armadillo_version() { return "Armadillo " + arma::arma_version::as_string(); }

}  // namespace

BackendEntry armadillo_backend() {
  static const ArmadilloBackend<float> float32;
  static const ArmadilloBackend<double> float64;
  return {.name = "armadillo",
          .about = "the formulas as Armadillo expressions, products by OpenBLAS",
          .executed_isa = openblas_executed_isa,
          .inner_loops = [] { return openblas_core_isa(openblas_core()); },
          .library = armadillo_version,
          .blas_core = openblas_core,
          .allocates = true,
          .float32 = &float32,
          .float64 = &float64};
}

}  // namespace mlpbench
