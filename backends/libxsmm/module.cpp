// The products by libxsmm, which writes a kernel for each shape while the program runs.
//
// libxsmm is column-major, so the same memory read by it holds every matrix transposed: C^T = op(B)^T
// op(A)^T, where op(B)^T is its first factor. Its kernels read a transposed second factor, W of the input
// delta. A copy of W takes as long as the product where the batch is 32. They read no transposed first one: X
// of dW is copied into scratch by a kernel of libxsmm. Its libxsmm_otrans looks that kernel up at each call,
// 150 ns, and the product's own dispatch takes 18 ns. That is a third of a step of 28-32-16-1 at a batch of
// 32.

#include "backends/modules/module.h"

#include "backends/libxsmm/kernels.h"
#include "backends/products/product_backend.h"
#include "support/shared_library.h"

namespace mlpbench {
namespace {

libxsmm_blasint size_of(std::size_t n) { return static_cast<libxsmm_blasint>(n); }

/// Kernels of libxsmm leave the upper halves of the vector registers in use. SSE code that follows then waits
/// for them: naive took 6.8 times as long right after, and the passes around libxsmm's own products did too.
/// Every CPU that libxsmm is not refused on has the instruction.
void clear_upper_halves() noexcept { asm volatile("vzeroupper"); }

template <typename T>
struct LibxsmmProducts {
  void product(Transpose transA, Transpose transB, std::size_t k, T alpha, MatrixView<const T> A,
               MatrixView<const T> B, T beta, MatrixView<T> C, std::span<T> scratch) const {
    const ProductShape shape =
        shape_of(transA, transB, k, A.stride, B.stride, beta, C.rows, C.cols, C.stride);
    const ProductKernels<T>& kernels = kernels_of<T>(shape);
    const T* first = B.data;
    if (shape.copies_A) {
      const auto ld_in = static_cast<unsigned>(shape.lda), ld_out = static_cast<unsigned>(shape.m);
      kernels.transpose(B.data, &ld_in, scratch.data(), &ld_out);
      first = scratch.data();
    }
    kernels.multiply(first, A.data, C.data);
    clear_upper_halves();
    if (alpha == T{1}) return;  // its kernels have no other factor
    for (std::size_t u = 0; u < C.rows; ++u) {
      for (std::size_t n = 0; n < C.cols; ++n) C(u, n) *= alpha;
    }
  }

  void axpy(T alpha, std::span<const T> x, std::span<T> y) const noexcept {
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += alpha * x[i];
  }

  /// Of X^T. The kernels of the layer's three products are compiled here, when a network is planned. Their
  /// rows are as far apart as Matrix and Parameters have them. An incomplete batch has others, which are
  /// compiled at its first step.
  std::size_t scratch_size(std::size_t inputs, std::size_t units, std::size_t batch) const noexcept {
    const std::size_t stride = padded_stride<T>(batch);
    if (inputs > 0 && units > 0 && batch > 0) {
      constexpr auto no = Transpose::no, yes = Transpose::yes;
      kernels_of<T>(shape_of(no, no, inputs, inputs, stride, T{1}, units, batch, stride));
      kernels_of<T>(shape_of(no, yes, batch, stride, stride, T{0}, units, inputs, inputs));
      kernels_of<T>(shape_of(yes, no, units, inputs, stride, T{0}, inputs, batch, stride));
    }
    return inputs * batch;
  }

 private:
  /// C = op(A) op(B) + beta C, C (rows x cols), in libxsmm's terms.
  static ProductShape shape_of(Transpose transA, Transpose transB, std::size_t k, std::size_t stride_A,
                               std::size_t stride_B, T beta, std::size_t rows, std::size_t cols,
                               std::size_t stride_C) {
    return {.m = size_of(cols),
            .n = size_of(rows),
            .k = size_of(k),
            .lda = size_of(stride_B),
            .ldb = size_of(stride_A),
            .ldc = size_of(stride_C),
            .gemm_flags = (transA == Transpose::yes ? LIBXSMM_GEMM_FLAG_TRANS_B : 0) |
                          (beta == T{0} ? LIBXSMM_GEMM_FLAG_BETA_0 : 0),
            .copies_A = transB == Transpose::yes};
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

/// libxsmm writes no kernels below AVX: dispatch returns null, or ends the process (1.17 on a Nehalem).
std::string refusal() {
  libxsmm_init();
  if (libxsmm_get_target_archid() < LIBXSMM_X86_AVX) return "libxsmm writes no kernels for a CPU without AVX";
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
