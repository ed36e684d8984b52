// The products through CBLAS, every one of them, small ones included; what is left is elementwise and runs on
// the templates of backends/simd over the baseline's 16-byte vectors, so that it is not the slow part.

#include "backends/cblas/library.h"
#include "backends/simd/vec_baseline.h"
//
#include "backends/simd/elementwise.h"

namespace mlpbench {
namespace {

/// CBLAS wants int sizes and a leading dimension of at least 1.
int blas_int(std::size_t n) { return static_cast<int>(n); }
int leading(std::size_t stride) { return stride == 0 ? 1 : static_cast<int>(stride); }

/// Row u of C becomes value(u) in every column.
template <typename T, typename Value>
void fill_rows(MatrixView<T> C, Value value) {
  for (std::size_t u = 0; u < C.rows; ++u) std::fill_n(C.row(u), C.cols, value(u));
}

template <typename T>
class CblasBackend final : public Backend<T> {
  using V = simd::Vec<T>;

 public:
  /// `library` is opened before the first operation (BackendEntry::refusal).
  explicit CblasBackend(const CblasLibrary& library) : blas_(library.functions<T>()) {}

  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T>,
                     MatrixView<T> Z) const noexcept override {
    const MatrixView<T> sums = Z.empty() ? A : Z;
    fill_rows(sums, [&](std::size_t u) { return b[u]; });
    if (W.cols > 0) product(kNoTrans, kNoTrans, W.cols, T{1}, W, X, T{1}, sums);
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
    product_or_zero(kNoTrans, kTrans, dZ.cols, scale, dZ, X, dW);
  }

  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev, std::span<T>) const noexcept override {
    product_or_zero(kTrans, kNoTrans, W.rows, T{1}, W, dZ, dZ_prev);
    simd::multiply_by_derivative<V>(activation, saved_prev, dZ_prev);
  }

  /// Plain SGD is BLAS's axpy.
  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    if (rule.optimiser != kSgd) return Backend<T>::update(rule, theta, gradient, state);
    axpy(-rule.coefficients[0], gradient, theta);
  }

  void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept override {
    axpy(T{1}, addend, sum);
  }

 private:
  void axpy(T alpha, std::span<const T> x, std::span<T> y) const noexcept {
    blas_.axpy(blas_int(x.size()), alpha, x.data(), 1, y.data(), 1);
  }

  /// C = alpha op(A) op(B) + beta C, (m x k) times (k x n).
  void product(CblasTranspose transA, CblasTranspose transB, std::size_t k, T alpha, MatrixView<const T> A,
               MatrixView<const T> B, T beta, MatrixView<T> C) const {
    blas_.gemm(kRowMajor, transA, transB, blas_int(C.rows), blas_int(C.cols), blas_int(k), alpha, A.data,
               leading(A.stride), B.data, leading(B.stride), beta, C.data, leading(C.stride));
  }

  /// C = alpha op(A) op(B). Without terms the product is 0: OpenBLAS has returned what C held before for k =
  /// 0 and beta = 0 (its issue 2914).
  void product_or_zero(CblasTranspose transA, CblasTranspose transB, std::size_t k, T alpha,
                       MatrixView<const T> A, MatrixView<const T> B, MatrixView<T> C) const {
    if (k == 0) return fill_rows(C, [](std::size_t) { return T{0}; });
    product(transA, transB, k, alpha, A, B, T{0}, C);
  }

  const CblasFunctions<T>& blas_;
};

/// The backend that computes its products with `library`, which stays where it is until the program ends.
BackendEntry cblas_backend(CblasLibrary& library) {
  return {.name = library.name(),
          .about = library.about(),
          .library = [&library] { return library.report(); },
          .refusal = [&library] { return library.refusal(); },
          .float32 = new CblasBackend<float>(library),
          .float64 = new CblasBackend<double>(library)};
}

}  // namespace

std::vector<BackendEntry> cblas_backends() {
  std::vector<BackendEntry> entries;
  for (const auto& library : cblas_libraries()) entries.push_back(cblas_backend(*library));
  return entries;
}

/// The backend of blas_libraries.h.
BackendEntry named_cblas_backend(std::string_view name, std::string_view file) {
  return cblas_backend(add_cblas_library(name, file));
}

}  // namespace mlpbench
