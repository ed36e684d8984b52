#include "backends/cblas/vendors.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "support/shared_library.h"

namespace mlpbench {
namespace {

constexpr const char* kOpenblasVariable = "OPENBLAS_CORETYPE";
constexpr const char* kBlisVariable = "BLIS_ARCH_TYPE";

/// Whether a library was prepared for more than one thread.
bool threads_are_wanted = false;

template <typename Function>
Function* symbol(void* handle, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(handle, name));
}

std::string first_words(std::string_view text, int words) {
  std::size_t end = 0;
  for (; words > 0 && end != std::string_view::npos; --words) end = text.find(' ', end == 0 ? 0 : end + 1);
  return std::string(text.substr(0, end));
}

/// The instruction set of kernels by OpenBLAS's, BLIS's and MKL's names for them; baseline for others. On
/// aarch64 all of them are written with NEON but BLIS's generic ones; some also with SVE, which is not known
/// here.
Isa isa_of(std::string_view kernels) {
  if (known_isas().back() == Isa::neon) {
    return kernels.empty() || kernels == "generic" ? Isa::baseline : Isa::neon;
  }
  constexpr std::array<std::string_view, 6> kAvx512 = {"skylakex", "cooperlake", "sapphirerapids",
                                                       "skx",      "zen4",       "avx512"};
  constexpr std::array<std::string_view, 7> kAvx2 = {"haswell",   "zen",  "zen2",   "zen3",
                                                     "excavator", "avx2", "skylake"};
  std::string name(kernels);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(kAvx512.begin(), kAvx512.end(), name) != kAvx512.end()) return Isa::avx512;
  return std::find(kAvx2.begin(), kAvx2.end(), name) != kAvx2.end() ? Isa::avx2 : Isa::baseline;
}

/// "NAME=VALUE" of an environment variable that is set, or empty.
std::string setting_of(const char* variable) {
  const char* const value = std::getenv(variable);
  return value == nullptr ? "" : std::string(variable) + "=" + value;
}

bool ask_openblas(void* handle, LibraryReport& report) {
  const auto config = symbol<char*()>(handle, "openblas_get_config");
  const auto core = symbol<char*()>(handle, "openblas_get_corename");
  const auto threads = symbol<int()>(handle, "openblas_get_num_threads");
  if (config == nullptr || core == nullptr || threads == nullptr) return false;
  // "OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64"
  report.version = first_words(config(), 2);
  report.kernels = core();
  report.threads = threads();
  report.chosen_by = setting_of(kOpenblasVariable);
  return true;
}

bool ask_blis(void* handle, LibraryReport& report) {
  const auto version = symbol<const char*()>(handle, "bli_info_get_version_str");
  const auto kernels = symbol<int()>(handle, "bli_arch_query_id");
  const auto kernels_name = symbol<const char*(int)>(handle, "bli_arch_string");
  const auto threads = symbol<long()>(handle, "bli_thread_get_num_threads");
  if (version == nullptr || kernels == nullptr || kernels_name == nullptr) return false;
  // 0.9 aborts when it is asked for its kernels before this while BLIS_ARCH_TYPE is set.
  if (const auto initialise = symbol<void()>(handle, "bli_init")) initialise();
  report.version = std::string("BLIS ") + version();
  report.chosen_by = setting_of(kBlisVariable);
  report.kernels = kernels_name(kernels());
  // -1: nobody has set a number, which means one thread.
  if (threads != nullptr) report.threads = static_cast<int>(std::max(threads(), 1L));
  // The tree of a product's loops is two allocations. A product with a single row or column is a gemv, whose
  // axpys stop at a factor of 0.
  // Its kernels choose their path by alignment.
  report.exceptions = {.allocates = true, .skips_zero_factors = true, .rounds_by_placement = true};
  return true;
}

bool ask_mkl(void* handle, LibraryReport& report) {
  const auto version = symbol<void(char*, int)>(handle, "MKL_Get_Version_String");
  const auto threads = symbol<int()>(handle, "MKL_Get_Max_Threads");
  const auto branch = symbol<int()>(handle, "MKL_CBWR_Get_Auto_Branch");
  if (version == nullptr || threads == nullptr) return false;
  // "Intel(R) oneAPI Math Kernel Library Version 2024.2-Product Build 20240605 for Intel(R) 64 ..."
  std::array<char, 256> text{};
  version(text.data(), static_cast<int>(text.size()) - 1);
  const std::string_view all(text.data());
  const std::size_t at = all.find("Version ");
  report.version = "MKL " + (at == std::string_view::npos ? "" : first_words(all.substr(at + 8), 1));
  report.version = report.version.substr(0, report.version.find("-Product"));
  report.threads = threads();
  // mkl_types.h: AVX2 is branch 10, AVX512_MIC 11, AVX512 12, those with other encodings above.
  const int found = branch == nullptr ? 0 : branch();
  report.kernels = found >= 11 ? "AVX512" : found == 10 ? "AVX2" : "";
  return true;
}

/// A library of which nothing is known but its file: "libblas.so.3.11.0".
void ask_file(LibraryReport& report) {
  report.version = std::filesystem::path(report.path).filename().string();
}

}  // namespace

void prepare_cblas_environment(std::size_t threads) {
  give_libraries_threads(threads);
  threads_are_wanted = threads_are_wanted || threads > 1;
  ::setenv("MKL_INTERFACE_LAYER", "LP64", 1);
}

MklThreads* choose_mkl_layer(void* handle, const std::string& path) {
  // MKL ends the process where it cannot open its layer.
  const auto folder = std::filesystem::directory_iterator(std::filesystem::path(path).parent_path());
  const bool threaded =
      threads_are_wanted && ::dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL) != nullptr &&
      std::any_of(begin(folder), end(folder), [](const std::filesystem::directory_entry& file) {
        return file.path().filename().string().starts_with("libmkl_gnu_thread.so");
      });
  ::setenv("MKL_THREADING_LAYER", threaded ? "GNU" : "SEQUENTIAL", 1);
  return threaded ? symbol<MklThreads>(handle, "MKL_Set_Num_Threads_Local") : nullptr;
}

void ask_cblas_library(void* handle, LibraryReport& report) {
  if (!ask_openblas(handle, report) && !ask_blis(handle, report) && !ask_mkl(handle, report))
    ask_file(report);
  report.isa = isa_of(report.kernels);
}

#if defined(__x86_64__)
namespace {

/// BLIS_ARCH_TYPE of BLIS's kernels `name`: their number, because 0.9 takes any name for 0. Empty where it
/// has none of that name.
std::string blis_number(void* handle, std::string_view name) {
  constexpr std::string_view kLast = "generic";
  const auto name_of = symbol<const char*(int)>(handle, "bli_arch_string");
  for (int id = 0; name_of != nullptr; ++id) {
    const std::string_view known = name_of(id);
    if (known == name) return std::to_string(id);
    if (known == kLast) break;
  }
  return "";
}

}  // namespace

KernelChoice better_kernels(void* handle, const LibraryReport& report) {
  const bool avx512 = best_isa() == Isa::avx512, amd = __builtin_cpu_is("amd") != 0;
  KernelChoice choice;
  if (report.version.starts_with("OpenBLAS")) {
    // SapphireRapids is left out: it needs AMX, and its products are SkylakeX's.
    const char* const widest = __builtin_cpu_supports("avx512bf16") ? "Cooperlake" : "SkylakeX";
    choice = {kOpenblasVariable, avx512 ? widest : amd ? "Zen" : "Haswell"};
  } else if (report.version.starts_with("BLIS")) {
    choice = {kBlisVariable, blis_number(handle, avx512 ? "skx" : amd ? "zen" : "haswell")};
  }
  const bool is_needed = !choice.value.empty() && report.isa < best_isa();
  return is_needed && std::getenv(choice.variable.c_str()) == nullptr ? choice : KernelChoice{};
}
#else
KernelChoice better_kernels(void*, const LibraryReport&) { return {}; }
#endif

}  // namespace mlpbench
