#include "support/shared_library.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "support/error.h"
#include "support/text.h"

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

const void* open_module(const std::string& file, const char* symbol, const ModuleHeader& ours,
                        const std::string& kind) {
  const auto refuse = [&](const std::string& why) { throw UserError(printable_path(file) + ": " + why); };
  std::error_code failure;
  if (!std::filesystem::is_regular_file(file, failure)) refuse("there is no such file");
  // A path without a slash would be looked for among the system's libraries.
  void* const handle = ::dlopen(std::filesystem::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) refuse("cannot be opened as a " + kind + ": " + loader_error());
  const auto* header = static_cast<const ModuleHeader*>(::dlsym(handle, symbol));
  if (header == nullptr || std::memcmp(header->magic, ours.magic, sizeof ours.magic) != 0)
    refuse("is no " + kind + " of mlpbench: the symbol " + symbol + " is missing");
  if (header->interface != ours.interface) {
    refuse("was built for interface " + std::to_string(header->interface) + " of " + kind +
           "s, this program has " + std::to_string(ours.interface));
  }
  if (!std::ranges::equal(header->sizes, ours.sizes) || header->compiler_abi != ours.compiler_abi)
    refuse("was built by another compiler or standard library than this program");
  return header;
}

void give_libraries_threads(std::size_t threads) {
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"})
    ::setenv(name, std::to_string(threads).c_str(), 1);
  // libxsmm 1.17 sets it to TRUE where it is not set. An OpenMP that is loaded later then pins the thread
  // that loads it, and all threads that this one creates.
  ::setenv("OMP_PROC_BIND", "FALSE", 1);
}

}  // namespace mlpbench
