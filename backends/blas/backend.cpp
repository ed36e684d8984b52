// The products through CBLAS, every one of them, small ones included; what is left is elementwise and runs on
// the templates of backends/simd over the baseline's 16-byte vectors, so that it is not the slow part.

#include <cblas.h>

#include "backends/blas/openblas_core.h"
#include "backends/registry.h"
#include "backends/simd/vec_baseline.h"
//
#include "backends/simd/elementwise.h"

namespace mlpbench {
namespace {

/// CBLAS wants int sizes and a leading dimension of at least 1.
int blas_int(std::size_t n) { return static_cast<int>(n); }
int leading(std::size_t stride) { return stride == 0 ? 1 : static_cast<int>(stride); }

void gemm(CBLAS_TRANSPOSE transA, CBLAS_TRANSPOSE transB, std::size_t m, std::size_t n, std::size_t k,
          float alpha, MatrixView<const float> A, MatrixView<const float> B, float beta,
          MatrixView<float> C) {
  cblas_sgemm(CblasRowMajor, transA, transB, blas_int(m), blas_int(n), blas_int(k), alpha, A.data,
              leading(A.stride), B.data, leading(B.stride), beta, C.data, leading(C.stride));
}
void gemm(CBLAS_TRANSPOSE transA, CBLAS_TRANSPOSE transB, std::size_t m, std::size_t n, std::size_t k,
          double alpha, MatrixView<const double> A, MatrixView<const double> B, double beta,
          MatrixView<double> C) {
  cblas_dgemm(CblasRowMajor, transA, transB, blas_int(m), blas_int(n), blas_int(k), alpha, A.data,
              leading(A.stride), B.data, leading(B.stride), beta, C.data, leading(C.stride));
}
void axpy(std::size_t n, float alpha, const float* x, float* y) {
  cblas_saxpy(blas_int(n), alpha, x, 1, y, 1);
}
void axpy(std::size_t n, double alpha, const double* x, double* y) {
  cblas_daxpy(blas_int(n), alpha, x, 1, y, 1);
}

/// Row u of C becomes value(u) in every column.
template <typename T, typename Value>
void fill_rows(MatrixView<T> C, Value value) {
  for (std::size_t u = 0; u < C.rows; ++u) std::fill_n(C.row(u), C.cols, value(u));
}

template <typename T>
class BlasBackend final : public Backend<T> {
  using V = simd::Vec<T>;

 public:
  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T>,
                     MatrixView<T> Z) const noexcept override {
    const MatrixView<T> sums = Z.empty() ? A : Z;
    fill_rows(sums, [&](std::size_t u) { return b[u]; });
    if (W.cols > 0) gemm(CblasNoTrans, CblasNoTrans, A.rows, A.cols, W.cols, T{1}, W, X, T{1}, sums);
    simd::activate<V, T>(activation, sums, A);
  }

  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    return simd::output_delta<V>(loss.kind, static_cast<T>(loss.log_epsilon), activation, A, Y, dZ, Z);
  }

  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T>) const noexcept override {
    simd::scaled_row_sums<V>(dZ, scale, db.data());
    product_or_zero(CblasNoTrans, CblasTrans, dZ.cols, scale, dZ, X, dW);
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    product_or_zero(CblasTrans, CblasNoTrans, W.rows, T{1}, W, dZ, dZ_prev);
    simd::multiply_by_derivative<V>(activation, saved_prev, dZ_prev);
  }

  /// Plain SGD is BLAS's axpy.
  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    if (rule.optimiser != kSgd) return Backend<T>::update(rule, theta, gradient, state);
    axpy(theta.size(), -rule.coefficients[0], gradient.data(), theta.data());
  }

  void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept override {
    axpy(sum.size(), T{1}, addend.data(), sum.data());
  }

 private:
  /// C = alpha op(A) op(B). Without terms the product is 0: OpenBLAS has returned what C held before for k =
  /// 0 and beta = 0 (its issue 2914).
  static void product_or_zero(CBLAS_TRANSPOSE transA, CBLAS_TRANSPOSE transB, std::size_t k, T alpha,
                              MatrixView<const T> A, MatrixView<const T> B, MatrixView<T> C) {
    if (k == 0) return fill_rows(C, [](std::size_t) { return T{0}; });
    gemm(transA, transB, C.rows, C.cols, k, alpha, A, B, T{0}, C);
  }
};

}  // namespace

BackendEntry blas_backend() {
  static const BlasBackend<float> float32;
  static const BlasBackend<double> float64;
  return {.name = "blas",
          .about = "products by OpenBLAS through CBLAS, elementwise work vectorised at the baseline",
          .executed_isa = openblas_executed_isa,
          .inner_loops = [] { return openblas_core_isa(openblas_core()); },
          .library = openblas_version,
          .blas_core = openblas_core,
          .float32 = &float32,
          .float64 = &float64};
}

}  // namespace mlpbench
