#include "support/cpu.h"

#include <cstdlib>

#include "support/error.h"
#include "support/kernel_files.h"

namespace mlpbench {
namespace {

std::string feature_the_cpu_lacks([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa >= Isa::avx2) {
    if (!__builtin_cpu_supports("avx2")) return "AVX2";
    if (!__builtin_cpu_supports("fma")) return "FMA";
  }
  if (isa >= Isa::avx512) {
    if (!__builtin_cpu_supports("avx512f")) return "AVX-512F";
    if (!__builtin_cpu_supports("avx512dq")) return "AVX-512DQ";
    if (!__builtin_cpu_supports("avx512vl")) return "AVX-512VL";
    if (!__builtin_cpu_supports("avx512bw")) return "AVX-512BW";
  }
  return "";
#else
  return isa == Isa::baseline ? "" : "x86-64";
#endif
}

Isa isa_cap() {
  const char* value = std::getenv("MLPBENCH_MAX_ISA");
  if (value == nullptr || std::string_view(value).empty()) return Isa::avx512;
  const std::string_view name = value;
  if (name == "baseline") return Isa::baseline;
  if (name == "avx2") return Isa::avx2;
  if (name == "avx512") return Isa::avx512;
  throw UserError("MLPBENCH_MAX_ISA: '" + std::string(name) + "' is not one of baseline, avx2, avx512");
}

}  // namespace

std::string_view to_string(Isa isa) noexcept {
  switch (isa) {
#if defined(__x86_64__)
    case Isa::baseline:
      return "baseline x86-64";
#else
    case Isa::baseline:
      return "baseline";
#endif
    case Isa::avx2:
      return "AVX2+FMA";
    case Isa::avx512:
      return "AVX-512 F/DQ/VL/BW";
  }
  return "?";
}

std::string missing_feature(Isa isa) {
  const std::string missing = feature_the_cpu_lacks(isa);
  if (missing.empty() && isa > isa_cap()) {
    return std::string(isa == Isa::avx2 ? "AVX2" : "AVX-512F") + " (hidden by MLPBENCH_MAX_ISA)";
  }
  return missing;
}

Isa best_isa() {
  if (missing_feature(Isa::avx512).empty()) return Isa::avx512;
  return missing_feature(Isa::avx2).empty() ? Isa::avx2 : Isa::baseline;
}

std::string cpu_model() {
  const std::string name = value_of("/proc/cpuinfo", "model name");
  return name.empty() ? "unknown" : name;
}

}  // namespace mlpbench
