#include "support/cpu.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

#if defined(__x86_64__)
constexpr std::array kKnown = {Isa::baseline, Isa::avx2, Isa::avx512};
constexpr std::string_view kArchitecture = "x86_64", kBaseline = "baseline x86-64";
#elif defined(__aarch64__)
constexpr std::array kKnown = {Isa::baseline, Isa::neon};
constexpr std::string_view kArchitecture = "aarch64", kBaseline = "baseline aarch64";
#else
#error "support/cpu.cpp: names the instruction sets of x86-64 and aarch64; this architecture is neither"
#endif

bool is_known(Isa isa) { return std::ranges::find(kKnown, isa) != kKnown.end(); }

std::string feature_the_cpu_lacks(Isa isa) {
  if (!is_known(isa)) return isa == Isa::neon ? "aarch64" : "x86-64";
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
#else
  if (isa == Isa::neon && (::getauxval(AT_HWCAP) & HWCAP_ASIMD) == 0) return "NEON";
#endif
  return "";
}

/// What MLPBENCH_MAX_ISA calls an instruction set.
std::string_view option_name(Isa isa) {
  constexpr std::string_view kNames[] = {"baseline", "neon", "avx2", "avx512"};
  return kNames[static_cast<std::size_t>(isa)];
}

Isa isa_cap() {
  const char* value = std::getenv("MLPBENCH_MAX_ISA");
  if (value == nullptr || std::string_view(value).empty()) return kKnown.back();
  const auto named = std::ranges::find(kKnown, std::string_view(value), option_name);
  if (named != kKnown.end()) return *named;
  throw UserError("MLPBENCH_MAX_ISA: '" + std::string(value) + "' is not one of " +
                  listed(kKnown, option_name));
}

}  // namespace

std::string_view architecture() noexcept { return kArchitecture; }

std::span<const Isa> known_isas() noexcept { return kKnown; }

std::string_view to_string(Isa isa) noexcept {
  switch (isa) {
    case Isa::baseline:
      return kBaseline;
    case Isa::neon:
      return "NEON";
    case Isa::avx2:
      return "AVX2+FMA";
    case Isa::avx512:
      return "AVX-512 F/DQ/VL/BW";
  }
  return "?";
}

std::string missing_feature(Isa isa) {
  const std::string missing = feature_the_cpu_lacks(isa);
  if (!missing.empty() || isa <= isa_cap()) return missing;
  const std::string name = isa == Isa::avx512 ? "AVX-512F" : isa == Isa::avx2 ? "AVX2" : "NEON";
  return name + " (hidden by MLPBENCH_MAX_ISA)";
}

Isa best_isa() {
  Isa best = Isa::baseline;
  for (const Isa isa : kKnown) {
    if (missing_feature(isa).empty()) best = isa;
  }
  return best;
}

}  // namespace mlpbench
