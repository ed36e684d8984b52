#pragma once

#include <string>

#include "backends/registry.h"

namespace mlpbench {

/// Sets what libraries read while they are loaded: their threads, and MKL's 32-bit integers. Called before
/// one is opened.
void prepare_cblas_environment(std::size_t threads);

/// Sets the threads of the calls that the calling thread makes; returns those of before.
using MklThreads = int(int);

/// Called before MKL's first call. Its layer is sequential. When a library was prepared for more than one
/// thread, it is GNU's OpenMP where that can be opened. `path` is of the library behind `handle`. Returns
/// what sets the threads; null where the layer is sequential.
MklThreads* choose_mkl_layer(void* handle, const std::string& path);

/// Fills the report of the library behind `handle`, by its own functions, but for the path.
void ask_cblas_library(void* handle, LibraryReport& report);

/// An environment variable that chooses a library's kernels while it is loaded.
struct KernelChoice {
  std::string variable, value;  ///< both empty: nothing to choose
};

/// The choice under which the OpenBLAS or BLIS behind `handle` would run this CPU's best instruction set.
/// Empty when it does already, is another library, or the user has set the variable. Both take lesser kernels
/// where they do not know the CPU's model.
KernelChoice better_kernels(void* handle, const LibraryReport& report);

}  // namespace mlpbench
