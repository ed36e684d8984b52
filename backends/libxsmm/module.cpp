// The products by libxsmm, which writes a kernel for each shape while the program runs. It is asked for a
// kernel at every product, as its users ask it: the first time it compiles one, later it finds it in a
// table.
//
// libxsmm is column-major, so the same memory read by it holds every matrix transposed: C^T = op(B)^T
// op(A)^T. Its kernels do not read a transposed matrix; X of dW and W of the input delta are transposed
// into scratch by its own libxsmm_otrans.

#include "backends/modules/module.h"

#include <libxsmm.h>

#include "backends/products/product_backend.h"
#include "support/shared_library.h"

namespace mlpbench {
namespace {

libxsmm_blasint size_of(std::size_t n) { return static_cast<libxsmm_blasint>(n); }

libxsmm_smmfunction kernel(int m, int n, int k, int lda, int ldb, int ldc, float beta) {
  const float alpha = 1;
  const int flags = LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  return libxsmm_smmdispatch(m, n, k, &lda, &ldb, &ldc, &alpha, &beta, &flags, &prefetch);
}
libxsmm_dmmfunction kernel(int m, int n, int k, int lda, int ldb, int ldc, double beta) {
  const double alpha = 1;
  const int flags = LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  return libxsmm_dmmdispatch(m, n, k, &lda, &ldb, &ldc, &alpha, &beta, &flags, &prefetch);
}

template <typename T>
struct LibxsmmProducts {
  void product(Transpose transA, Transpose transB, std::size_t k, T alpha, MatrixView<const T> A,
               MatrixView<const T> B, T beta, MatrixView<T> C, std::span<T> scratch) const {
    if (transA == Transpose::yes) A = transposed(A, scratch);
    if (transB == Transpose::yes) B = transposed(B, scratch);
    const auto multiply = kernel(size_of(C.cols), size_of(C.rows), size_of(k), size_of(B.stride),
                                 size_of(A.stride), size_of(C.stride), beta);
    multiply(B.data, A.data, C.data);
    if (alpha == T{1}) return;  // its kernels have no other factor
    for (std::size_t u = 0; u < C.rows; ++u) {
      for (std::size_t n = 0; n < C.cols; ++n) C(u, n) *= alpha;
    }
  }

  void axpy(T alpha, std::span<const T> x, std::span<T> y) const noexcept {
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += alpha * x[i];
  }

  /// Of X^T or W^T, whichever is larger.
  std::size_t scratch_size(std::size_t inputs, std::size_t units, std::size_t batch) const noexcept {
    return inputs * std::max(units, batch);
  }

 private:
  static MatrixView<const T> transposed(MatrixView<const T> A, std::span<T> scratch) {
    libxsmm_otrans(scratch.data(), A.data, sizeof(T), size_of(A.cols), size_of(A.rows), size_of(A.stride),
                   size_of(A.rows));
    return {scratch.data(), A.cols, A.rows, A.rows};
  }
};

LibraryReport report() {
  libxsmm_init();
  const int target = libxsmm_get_target_archid();
  return {.version = "libxsmm " LIBXSMM_CONFIG_VERSION,
          .path = file_of_address(reinterpret_cast<const void*>(&report)),
          .kernels = libxsmm_get_target_arch(),
          .isa = target >= LIBXSMM_X86_AVX512_CORE ? Isa::avx512
                 : target >= LIBXSMM_X86_AVX2      ? Isa::avx2
                                                   : Isa::baseline};
}

/// libxsmm writes no kernels below AVX, and dispatch then returns null.
std::string refusal() {
  libxsmm_init();
  const float beta = 0;
  return kernel(8, 8, 8, 8, 8, 8, beta) == nullptr ? "libxsmm writes no kernels for this CPU" : "";
}

void entries(std::vector<BackendEntry>& all) {
  static const ProductBackend<float, LibxsmmProducts<float>> float32({});
  static const ProductBackend<double, LibxsmmProducts<double>> float64({});
  all.push_back(
      {.name = "libxsmm",
       .about = "products by libxsmm's kernels for each shape, elementwise work vectorised at the baseline",
       .library = report,
       .refusal = refusal,
       .float32 = &float32,
       .float64 = &float64});
}

}  // namespace
}  // namespace mlpbench

MLPBENCH_BACKEND_MODULE(mlpbench::entries)
