// The products through CBLAS; what is left is backends/products'.

#include "backends/cblas/library.h"
#include "backends/products/product_backend.h"

namespace mlpbench {
namespace {

/// CBLAS wants int sizes and a leading dimension of at least 1.
int blas_int(std::size_t n) { return static_cast<int>(n); }
int leading(std::size_t stride) { return stride == 0 ? 1 : static_cast<int>(stride); }
CblasTranspose operation(Transpose transpose) { return transpose == Transpose::yes ? kTrans : kNoTrans; }

/// See ProductBackend. `blas` is filled before the first operation (BackendEntry::refusal).
template <typename T>
struct CblasProducts {
  const CblasFunctions<T>& blas;

  void product(Transpose transA, Transpose transB, std::size_t k, T alpha, MatrixView<const T> A,
               MatrixView<const T> B, T beta, MatrixView<T> C, std::span<T>) const {
    blas.take_threads();
    blas.gemm(kRowMajor, operation(transA), operation(transB), blas_int(C.rows), blas_int(C.cols),
              blas_int(k), alpha, A.data, leading(A.stride), B.data, leading(B.stride), beta, C.data,
              leading(C.stride));
  }

  void axpy(T alpha, std::span<const T> x, std::span<T> y) const noexcept {
    blas.take_threads();
    blas.axpy(blas_int(x.size()), alpha, x.data(), 1, y.data(), 1);
  }

  static std::size_t scratch_size(std::size_t, std::size_t, std::size_t) noexcept { return 0; }
};

template <typename T>
const Backend<T>* backend_on(const CblasLibrary& library) {
  return new ProductBackend<T, CblasProducts<T>>({library.functions<T>()});
}

/// The backend that computes its products with `library`, which stays where it is until the program ends.
BackendEntry cblas_backend(CblasLibrary& library) {
  return {.name = library.name(),
          .about = library.about(),
          .library = [&library] { return library.report(); },
          .refusal = [&library] { return library.refusal(); },
          .float32 = backend_on<float>(library),
          .float64 = backend_on<double>(library)};
}

}  // namespace

std::vector<BackendEntry> cblas_backends() {
  std::vector<BackendEntry> entries;
  for (const auto& library : cblas_libraries()) entries.push_back(cblas_backend(*library));
  return entries;
}

/// The backend of backends/added_backends.h.
BackendEntry named_cblas_backend(std::string_view name, std::string_view file, std::size_t threads) {
  return cblas_backend(add_cblas_library(name, file, threads));
}

}  // namespace mlpbench
