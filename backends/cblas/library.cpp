#include "backends/cblas/library.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "backends/cblas/vendors.h"
#include "support/illegal_instruction.h"
#include "support/shared_library.h"
#include "support/subnormals.h"

namespace mlpbench {
namespace {

namespace fs = std::filesystem;

/// The file of an opened library.
std::string file_of(void* handle) {
  link_map* map = nullptr;
  return ::dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map != nullptr ? real_path(map->l_name) : "";
}

bool is_mkl(const fs::path& file) { return file.filename().string().starts_with("libmkl_rt"); }

/// A BLAS that is in the process before ours, whose symbols another library's would be replaced by; or empty.
/// MKL's parts, beside its file, are its own.
std::string loaded_before(const std::string& ours) {
  for (const char* name : {"sgemm_", "cblas_sgemm"}) {
    if (void* address = ::dlsym(RTLD_DEFAULT, name)) {
      std::string file = file_of_address(address);
      const bool is_part = is_mkl(ours) && fs::path(file).parent_path() == fs::path(ours).parent_path();
      if (file != ours && !is_part) return file;
    }
  }
  return "";
}

/// Whether the library takes 32-bit integers. The same register holds 2 in its lower half and a negative
/// number as a whole. A 64-bit library sums no elements then, by BLAS's own rule for n <= 0.
bool has_32_bit_integers(const CblasFunctions<double>& blas) {
  using Dot = double (*)(std::int64_t, const double*, std::int64_t, const double*, std::int64_t);
  const std::array<double, 2> x = {1.0, 2.0};
  constexpr std::int64_t kTwo = 2 - (std::int64_t{1} << 32);
  return reinterpret_cast<Dot>(reinterpret_cast<void*>(blas.dot))(kTwo, x.data(), 1, x.data(), 1) == 5.0;
}

/// Whether [1 2; 3 4] [5 6; 7 8]^T is what it should be.
template <typename T>
bool multiplies(const CblasFunctions<T>& blas) {
  const std::array<T, 4> A = {1, 2, 3, 4}, B = {5, 6, 7, 8};
  std::array<T, 4> C{};
  blas.gemm(kRowMajor, kNoTrans, kTrans, 2, 2, 2, T{1}, A.data(), 2, B.data(), 2, T{0}, C.data(), 2);
  return C == std::array<T, 4>{17, 23, 39, 53};
}

/// Calls all functions in all forms and with more than one kernel's tile.
template <typename T>
void try_all(const CblasFunctions<T>& blas) {
  constexpr int kSize = 40;
  static std::array<T, kSize * kSize> A, B, C;  // zeros: what is computed is looked at by multiplies()
  for (const int size : {1, 7, kSize}) {
    for (const auto left : {kNoTrans, kTrans}) {
      for (const auto right : {kNoTrans, kTrans}) {
        for (const T beta : {T{0}, T{1}}) {
          blas.gemm(kRowMajor, left, right, size, size, size, T{1}, A.data(), kSize, B.data(), kSize, beta,
                    C.data(), kSize);
        }
      }
    }
    blas.axpy(size, T{2}, A.data(), 1, B.data(), 1);
    blas.dot(size, A.data(), 1, B.data(), 1);
  }
}

}  // namespace

CblasLibrary::CblasLibrary(std::string name, std::string about, std::vector<std::string> files,
                           std::size_t threads)
    : name_(std::move(name)), about_(std::move(about)), files_(std::move(files)), threads_(threads) {}

const std::string& CblasLibrary::refusal() {
  if (!std::exchange(opened_, true)) open();
  return refusal_;
}

void* CblasLibrary::fortran(const char* name) { return refusal().empty() ? ::dlsym(handle_, name) : nullptr; }

void CblasLibrary::open() {
  prepare_cblas_environment(threads_);
  for (const std::string& file : files_) {
    const bool is_path = file.find('/') != std::string::npos;
    if (std::error_code failure; is_path && !fs::is_regular_file(file, failure)) {
      refusal_ =
          "cannot be opened: " + file + (fs::exists(file, failure) ? " is no file" : " does not exist");
      continue;
    }
    refusal_ = threads_ == 1 || is_mkl(file) ? open_file(file) : open_copy(file);
    if (handle_ != nullptr) return;
  }
  if (refusal_.empty() || files_.size() > 1) refusal_ = name_ + " was not found";
}

std::string CblasLibrary::open_copy(const std::string& file) {
  // Training's default, which the threads inherit that OpenBLAS makes when it is opened (pthread_create(3)).
  const SubnormalsScope scope(Subnormals::flush);
  std::string copy = (fs::temp_directory_path() / "mlpbench-XXXXXX").string();
  const int descriptor = ::mkstemp(copy.data());
  if (descriptor < 0) return "cannot be copied to " + copy;
  ::close(descriptor);
  std::error_code failure;
  fs::copy_file(file, copy, fs::copy_options::overwrite_existing, failure);
  std::string reason = failure ? "cannot be copied to " + copy + ": " + failure.message() : open_file(copy);
  fs::remove(copy, failure);  // what is mapped stays
  if (const std::size_t at = reason.find(copy); at != std::string::npos)
    reason.replace(at, copy.size(), file);
  report_.path = file;
  return reason;
}

std::string CblasLibrary::open_file(const std::string& file) {
  handle_ = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle_ == nullptr) return "cannot be opened: " + loader_error();
  report_.path = file_of(handle_);
  if (const std::string other = loaded_before(report_.path); !other.empty()) {
    return "another BLAS was loaded before it and could answer in its place: " + other;
  }
  if (is_mkl(report_.path)) {
    // At its first call MKL opens its parts with global symbols: a library that is opened later would call
    // those instead of its own.
    for (const auto& library : cblas_libraries()) library->refusal();
    float32_.set_threads = float64_.set_threads = choose_mkl_layer(handle_, report_.path);
    float32_.threads = float64_.threads = static_cast<int>(threads_);
    float32_.take_threads();
  }
  ask_cblas_library(handle_, report_);
  if (const auto [variable, value] = better_kernels(handle_, report_); !variable.empty()) {
    // Both libraries read the variable when they are loaded.
    ::dlclose(handle_);
    ::setenv(variable.c_str(), value.c_str(), 1);
    handle_ = ::dlopen(report_.path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_ != nullptr) ask_cblas_library(handle_, report_);
    ::unsetenv(variable.c_str());
    if (handle_ == nullptr) return "cannot be opened again: " + loader_error();
  }
  // Illegal instructions end the process: they are looked for before anything is multiplied. What
  // MLPBENCH_MAX_ISA hides is there all the same.
  const std::string missing = missing_feature(report_.isa);
  if (!missing.empty() && missing.find("MLPBENCH_MAX_ISA") == std::string::npos) {
    return report_.version + " has chosen " + report_.kernels + " kernels, and this CPU lacks " + missing;
  }
  return bind();
}

std::string CblasLibrary::bind() {
  std::string missing, elsewhere;
  const auto find = [&](const char* name, auto& function) {
    void* const address = ::dlsym(handle_, name);
    if (address == nullptr) {
      missing = name;
    } else if (const std::string file = file_of_address(address); file != report_.path) {
      elsewhere = std::string(name) + " comes from " + file;
    }
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(address);
  };
  find("cblas_sgemm", float32_.gemm), find("cblas_dgemm", float64_.gemm);
  find("cblas_saxpy", float32_.axpy), find("cblas_daxpy", float64_.axpy);
  find("cblas_sdot", float32_.dot), find("cblas_ddot", float64_.dot);
  if (!missing.empty()) return report_.path + " has no CBLAS: " + missing + " is missing";
  if (!elsewhere.empty()) return report_.path + " is not what it says: " + elsewhere;
  // The names of kernels do not tell all that they need: OpenBLAS takes 3DNow! on any CPU of AMD's.
  if (!runs_on_this_cpu([&] { try_all(float32_), try_all(float64_); })) {
    const std::string kernels = report_.kernels.empty() ? "its" : report_.kernels;
    return report_.version + ": " + kernels + " kernels use instructions that this CPU lacks";
  }
  if (!has_32_bit_integers(float64_)) return report_.path + " has 64-bit integers (ILP64); LP64 is needed";
  if (!multiplies(float32_) || !multiplies(float64_)) return report_.path + " computes a wrong product";
  if (report_.threads != static_cast<int>(threads_))
    return report_.path + " runs on " + std::to_string(report_.threads) + " threads";
  return "";
}

}  // namespace mlpbench
