// The products by libxsmm, which writes a kernel for each shape while the program runs.
//
// libxsmm is column-major, so the same memory read by it holds every matrix transposed: C^T = op(B)^T
// op(A)^T, where op(B)^T is its first factor. Its kernels read a transposed second factor, W of the input
// delta: a copy of W takes as long as the product where the batch is 32. They read no transposed first one:
// X of dW is copied into scratch by a kernel of libxsmm. Its libxsmm_otrans looks that kernel up at each
// call, 150 ns, and the product's own dispatch 18 ns: a third of a step of 28-32-16-1 at a batch of 32.

#include "backends/modules/module.h"

#include "backends/libxsmm/kernels.h"
#include "backends/products/product_backend.h"
#include "support/shared_library.h"

namespace mlpbench {
namespace {

libxsmm_blasint size_of(std::size_t n) { return static_cast<libxsmm_blasint>(n); }

template <typename T>
struct LibxsmmProducts {
  void product(Transpose transA, Transpose transB, std::size_t k, T alpha, MatrixView<const T> A,
               MatrixView<const T> B, T beta, MatrixView<T> C, std::span<T> scratch) const {
    const ProductShape shape = {.m = size_of(C.cols),
                                .n = size_of(C.rows),
                                .k = size_of(k),
                                .lda = size_of(B.stride),
                                .ldb = size_of(A.stride),
                                .ldc = size_of(C.stride),
                                .gemm_flags = (transA == Transpose::yes ? LIBXSMM_GEMM_FLAG_TRANS_B : 0) |
                                              (beta == T{0} ? LIBXSMM_GEMM_FLAG_BETA_0 : 0),
                                .copies_A = transB == Transpose::yes};
    const ProductKernels<T>& kernels = kernels_of<T>(shape);
    const T* first = B.data;
    if (shape.copies_A) {
      const auto ld_in = static_cast<unsigned>(shape.lda), ld_out = static_cast<unsigned>(shape.m);
      kernels.transpose(B.data, &ld_in, scratch.data(), &ld_out);
      first = scratch.data();
    }
    kernels.multiply(first, A.data, C.data);
    if (alpha == T{1}) return;  // its kernels have no other factor
    for (std::size_t u = 0; u < C.rows; ++u) {
      for (std::size_t n = 0; n < C.cols; ++n) C(u, n) *= alpha;
    }
  }

  void axpy(T alpha, std::span<const T> x, std::span<T> y) const noexcept {
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += alpha * x[i];
  }

  /// Of X^T.
  std::size_t scratch_size(std::size_t inputs, std::size_t, std::size_t batch) const noexcept {
    return inputs * batch;
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
  const ProductShape any = {.m = 8, .n = 8, .k = 8, .lda = 8, .ldb = 8, .ldc = 8};
  return kernels_of<float>(any).multiply == nullptr ? "libxsmm writes no kernels for this CPU" : "";
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
