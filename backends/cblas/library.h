#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backends/registry.h"

namespace mlpbench {

/// CBLAS's own numbers (netlib's cblas.h); no header of a library is needed to build the suite.
enum CblasOrder : int { kRowMajor = 101 };
enum CblasTranspose : int { kNoTrans = 111, kTrans = 112 };

/// The functions of a CBLAS library that the suite calls, for element type T, with 32-bit integers (LP64).
template <typename T>
struct CblasFunctions {
  /// C = alpha op(A) op(B) + beta C.
  void (*gemm)(CblasOrder, CblasTranspose, CblasTranspose, int m, int n, int k, T alpha, const T* A, int lda,
               const T* B, int ldb, T beta, T* C, int ldc) = nullptr;
  /// y = alpha x + y.
  void (*axpy)(int n, T alpha, const T* x, int incx, T* y, int incy) = nullptr;
  /// x^T y.
  T (*dot)(int n, const T* x, int incx, const T* y, int incy) = nullptr;

  /// MKL's number of threads for the calls of this thread, where rows with other numbers share its pool; else
  /// null.
  int (*set_threads)(int) = nullptr;
  int threads = 1;

  /// To be called before one of the others.
  void take_threads() const noexcept {
    if (set_threads != nullptr) set_threads(threads);
  }
};

/// One BLAS library, opened when it is first asked for and never before: a program that uses none has none of
/// its threads. Each is opened on its own (dlopen, local symbols), so that several stand in one table. Before
/// that it sets the variables that a library reads while it is loaded: one thread, and MKL's sequential
/// layer. OpenBLAS's kernels are set where it would choose a lesser instruction set than this CPU has. A
/// value that the user has set for the kernels is kept.
class CblasLibrary {
 public:
  /// `files` are paths or names that the dynamic loader knows; the first that exists is the library. With
  /// more than one of `threads` the file is opened as a copy. The copy has a pool of its own beside that of
  /// the row with one thread. MKL is opened once, because its parts share their global symbols: each row sets
  /// its threads before each call.
  CblasLibrary(std::string name, std::string about, std::vector<std::string> files, std::size_t threads = 1);

  const std::string& name() const noexcept { return name_; }
  const std::string& about() const noexcept { return about_; }

  /// Opens the library at the first call. Empty, or one line that says why it cannot be used. It was not
  /// found, is no library, has no CBLAS, has 64-bit integers (ILP64), or computes a wrong product. Or it has
  /// other threads than it was given, or another BLAS was loaded before it (LD_PRELOAD), which it might call
  /// instead of itself.
  const std::string& refusal();

  /// Of a library that refusal() has opened; empty before.
  const LibraryReport& report() const noexcept { return report_; }

  /// One of its Fortran functions, "sgemm_"; null where it has none of that name or cannot be used.
  void* fortran(const char* name);

  template <typename T>
  const CblasFunctions<T>& functions() const noexcept {
    if constexpr (sizeof(T) == sizeof(float)) {
      return float32_;
    } else {
      return float64_;
    }
  }

 private:
  void open();
  std::string open_file(const std::string& file);
  std::string open_copy(const std::string& file);
  std::string bind();

  std::string name_, about_;
  std::vector<std::string> files_;
  std::size_t threads_;
  bool opened_ = false;
  void* handle_ = nullptr;
  std::string refusal_;
  LibraryReport report_;
  CblasFunctions<float> float32_;
  CblasFunctions<double> float64_;
};

/// openblas, mkl, blis and netlib, and behind them those that were added.
std::vector<std::unique_ptr<CblasLibrary>>& cblas_libraries();

/// One more, in `file`; its name may be taken.
CblasLibrary& add_cblas_library(std::string_view name, std::string_view file, std::size_t threads);

/// The library called "openblas", which Armadillo computes with.
CblasLibrary& openblas_library();

}  // namespace mlpbench
