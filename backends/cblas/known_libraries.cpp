// Which libraries there are, and where they lie.

#include <cstdlib>

#include "backends/cblas/library.h"

namespace mlpbench {
namespace {

using Libraries = std::vector<std::unique_ptr<CblasLibrary>>;

/// `title` in words; the rows of the family differ in the library alone.
CblasLibrary& add(Libraries& libraries, std::string_view name, const std::string& title,
                  std::vector<std::string> files, std::size_t threads = 1) {
  const std::string about =
      "products by " + title + " through CBLAS, elementwise work vectorised at the baseline";
  return *libraries.emplace_back(
      std::make_unique<CblasLibrary>(std::string(name), about, std::move(files), threads));
}

/// MKL is where the loader looks (Debian), else where its own variable or a virtual environment says (PyPI's
/// wheel has it in lib/). Else it is in the user's ~/.local (pip --user), or in Intel's folder.
std::vector<std::string> mkl_files() {
  constexpr const char* kNames[] = {"libmkl_rt.so.3", "libmkl_rt.so.2", "libmkl_rt.so.1", "libmkl_rt.so"};
  constexpr const char* kRoots[][2] = {{"VIRTUAL_ENV", "/lib/"},
                                       {"CONDA_PREFIX", "/lib/"},
                                       {"MKLROOT", "/lib/"},
                                       {"MKLROOT", "/lib/intel64/"},
                                       {"HOME", "/.local/lib/"}};
  std::vector<std::string> folders = {""};
  for (const auto& [variable, folder] : kRoots) {
    const char* const root = std::getenv(variable);
    if (root != nullptr && *root == '/') folders.push_back(std::string(root) + folder);
  }
  folders.insert(folders.end(), {"/opt/intel/oneapi/mkl/latest/lib/",
                                 "/opt/intel/oneapi/mkl/latest/lib/intel64/", "/opt/intel/mkl/lib/intel64/"});
  std::vector<std::string> files;
  for (const std::string& folder : folders) {
    for (const char* const name : kNames) files.push_back(folder + name);
  }
  return files;
}

Libraries known_libraries() {
  Libraries libraries;
  // Debian's and Arch's name, Fedora's and openSUSE's for the one with POSIX threads, Homebrew's place.
  add(libraries, "openblas", "OpenBLAS",
      {"libopenblas.so.0", "libopenblasp.so.0", "libopenblas_pthreads.so.0", "libopenblas.so",
       "/home/linuxbrew/.linuxbrew/opt/openblas/lib/libopenblas.so"});
  add(libraries, "mkl", "Intel MKL", mkl_files());
  add(libraries, "blis", "BLIS", {"libblis.so.4", "libblis.so"});
  // The name libblas.so.3 is the alternative that the system has chosen; the reference is in a folder of its
  // own.
  add(libraries, "netlib", "netlib's reference BLAS", {MLPBENCH_LIBRARY_FOLDER "/blas/libblas.so.3"});
  return libraries;
}

}  // namespace

std::vector<std::unique_ptr<CblasLibrary>>& cblas_libraries() {
  static Libraries libraries = known_libraries();
  return libraries;
}

CblasLibrary& add_cblas_library(std::string_view name, std::string_view file, std::size_t threads) {
  return add(cblas_libraries(), name, std::string(file), {std::string(file)}, threads);
}

CblasLibrary& openblas_library() { return *cblas_libraries().front(); }

}  // namespace mlpbench
