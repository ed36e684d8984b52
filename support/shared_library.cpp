#include "support/shared_library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

namespace mlpbench {

std::string real_path(const std::string& path) {
  std::error_code failure;
  const std::filesystem::path real = std::filesystem::canonical(path, failure);
  return failure ? path : real.string();
}

std::string file_of_address(const void* address) {
  Dl_info info{};
  return ::dladdr(address, &info) == 0 || info.dli_fname == nullptr ? "" : real_path(info.dli_fname);
}

std::string loader_error() {
  const char* const text = ::dlerror();
  return text == nullptr ? "unknown error" : text;
}

void give_libraries_threads(std::size_t threads) {
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"})
    ::setenv(name, std::to_string(threads).c_str(), 1);
  // libxsmm 1.17 sets it to TRUE where it is not set. An OpenMP that is loaded later then pins the thread
  // that loads it, and all threads that this one creates.
  ::setenv("OMP_PROC_BIND", "FALSE", 1);
}

}  // namespace mlpbench
