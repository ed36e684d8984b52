#include "backends/blas/openblas_core.h"

#include <cblas.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "backends/process.h"

namespace mlpbench {
namespace {

constexpr const char* kCoreVariable = "OPENBLAS_CORETYPE";
constexpr const char* kRestartedVariable = "MLPBENCH_RESTARTED_FOR_OPENBLAS";

/// The best kernels of OpenBLAS 0.3.21 for an instruction set. SapphireRapids is left out: it needs AMX, and
/// its products are SkylakeX's.
const char* best_core(Isa isa) {
  if (isa == Isa::avx512) return __builtin_cpu_supports("avx512bf16") ? "Cooperlake" : "SkylakeX";
  return __builtin_cpu_is("amd") ? "Zen" : "Haswell";
}

}  // namespace

std::string openblas_core() {
  std::string name = openblas_get_corename();
  return name;
}

std::string openblas_version() {
  // "OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64": the first two words.
  const std::string config = openblas_get_config();
  return config.substr(0, config.find(' ', config.find(' ') + 1));
}

Isa openblas_core_isa(std::string_view core) noexcept {
  constexpr std::array<std::string_view, 3> kAvx512 = {"skylakex", "cooperlake", "sapphirerapids"};
  constexpr std::array<std::string_view, 3> kAvx2 = {"haswell", "zen", "excavator"};
  std::string name(core);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(kAvx512.begin(), kAvx512.end(), name) != kAvx512.end()) return Isa::avx512;
  return std::find(kAvx2.begin(), kAvx2.end(), name) != kAvx2.end() ? Isa::avx2 : Isa::baseline;
}

std::string openblas_executed_isa() {
  const std::string core = openblas_core();
  const Isa isa = openblas_core_isa(core);
  std::string text = "OpenBLAS " + core + " (" + std::string(to_string(isa)) + ")";
  if (isa < best_isa()) text += ", less than this CPU's " + std::string(to_string(best_isa()));
  return text;
}

std::optional<int> openblas_threads() { return openblas_get_num_threads(); }

void prepare_process(int, char** argv) {
  openblas_set_num_threads(1);
  const Isa best = best_isa();
  if (openblas_core_isa(openblas_core()) >= best) return;
  if (std::getenv(kCoreVariable) != nullptr || std::getenv(kRestartedVariable) != nullptr) return;
  ::setenv(kCoreVariable, best_core(best), 1);
  ::setenv(kRestartedVariable, "1", 1);
  ::execv("/proc/self/exe", argv);
  // Only a failed execv returns. The run goes on; its rows say that the kernels are less than the CPU's.
}

}  // namespace mlpbench
