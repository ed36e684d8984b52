// What Armadillo calls when it multiplies. With ARMA_USE_WRAPPER it calls wrapper_sgemm_ and the like,
// which are ours and hand over to the suite's OpenBLAS. A symbol named sgemm_ would be one that netlib's
// CBLAS calls too. None is exported.

#include "backends/armadillo/blas_functions.h"

#include <utility>

#include "backends/armadillo/headers.h"
#include "backends/cblas/library.h"

namespace mlpbench {
namespace {

/// OpenBLAS's function behind each of ours.
struct {
  decltype(&arma::wrapper_sgemm_) sgemm = nullptr;
  decltype(&arma::wrapper_dgemm_) dgemm = nullptr;
  decltype(&arma::wrapper_sgemv_) sgemv = nullptr;
  decltype(&arma::wrapper_dgemv_) dgemv = nullptr;
  decltype(&arma::wrapper_ssyrk_) ssyrk = nullptr;
  decltype(&arma::wrapper_dsyrk_) dsyrk = nullptr;
  decltype(&arma::wrapper_sdot_) sdot = nullptr;
  decltype(&arma::wrapper_ddot_) ddot = nullptr;
} blas;

template <typename Function>
bool bind(const char* name, Function& function) {
  function = reinterpret_cast<Function>(openblas_library().fortran(name));
  return function != nullptr;
}

}  // namespace

std::string bind_armadillo_blas() {
  if (const std::string& refusal = openblas_library().refusal(); !refusal.empty()) return refusal;
  const bool all = bind("sgemm_", blas.sgemm) && bind("dgemm_", blas.dgemm) && bind("sgemv_", blas.sgemv) &&
                   bind("dgemv_", blas.dgemv) && bind("ssyrk_", blas.ssyrk) && bind("dsyrk_", blas.dsyrk) &&
                   bind("sdot_", blas.sdot) && bind("ddot_", blas.ddot);
  return all ? "" : openblas_library().report().path + " lacks Fortran functions that Armadillo calls";
}

}  // namespace mlpbench

// Armadillo declares these functions noexcept with some compilers, and a definition must agree.
#if defined(ARMA_BLAS_NOEXCEPT)
#define MLPBENCH_AS_ARMADILLO noexcept
#else
#define MLPBENCH_AS_ARMADILLO
#endif

// Fortran's interface: column-major, every argument by address.
#define MLPBENCH_HIDDEN extern "C" __attribute__((visibility("hidden")))
#define MLPBENCH_FORWARD(T, s)                                                                           \
  MLPBENCH_HIDDEN void wrapper_##s##gemm_(                                                               \
      const char* transA, const char* transB, const arma::blas_int* m, const arma::blas_int* n,          \
      const arma::blas_int* k, const T* alpha, const T* A, const arma::blas_int* lda, const T* B,        \
      const arma::blas_int* ldb, const T* beta, T* C, const arma::blas_int* ldc) MLPBENCH_AS_ARMADILLO { \
    mlpbench::blas.s##gemm(transA, transB, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc);                \
  }                                                                                                      \
  MLPBENCH_HIDDEN void wrapper_##s##gemv_(                                                               \
      const char* trans, const arma::blas_int* m, const arma::blas_int* n, const T* alpha, const T* A,   \
      const arma::blas_int* lda, const T* x, const arma::blas_int* incx, const T* beta, T* y,            \
      const arma::blas_int* incy) MLPBENCH_AS_ARMADILLO {                                                \
    mlpbench::blas.s##gemv(trans, m, n, alpha, A, lda, x, incx, beta, y, incy);                          \
  }                                                                                                      \
  MLPBENCH_HIDDEN void wrapper_##s##syrk_(const char* uplo, const char* trans, const arma::blas_int* n,  \
                                          const arma::blas_int* k, const T* alpha, const T* A,           \
                                          const arma::blas_int* lda, const T* beta, T* C,                \
                                          const arma::blas_int* ldc) MLPBENCH_AS_ARMADILLO {             \
    mlpbench::blas.s##syrk(uplo, trans, n, k, alpha, A, lda, beta, C, ldc);                              \
  }                                                                                                      \
  MLPBENCH_HIDDEN T wrapper_##s##dot_(const arma::blas_int* n, const T* x, const arma::blas_int* incx,   \
                                      const T* y, const arma::blas_int* incy) MLPBENCH_AS_ARMADILLO {    \
    return mlpbench::blas.s##dot(n, x, incx, y, incy);                                                   \
  }

MLPBENCH_FORWARD(float, s)
MLPBENCH_FORWARD(double, d)
