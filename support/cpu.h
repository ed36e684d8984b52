#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mlpbench {

/// Instruction sets that a backend may be written for: of one architecture, each contains the ones before it.
enum class Isa { baseline, neon, avx2, avx512 };

/// The architecture that this program was built for, as `uname -m` names it: "x86_64", "aarch64".
std::string_view architecture() noexcept;

/// The instruction sets of that architecture, from the baseline up.
std::span<const Isa> known_isas() noexcept;

/// "baseline x86-64" (or "baseline aarch64"), "NEON", "AVX2+FMA", "AVX-512 F/DQ/VL/BW".
std::string_view to_string(Isa isa) noexcept;

/// The first feature of `isa` that this machine lacks ("FMA", "AVX-512BW", "aarch64"), or an empty string
/// when all are usable.
///   x86-64    The CPU has the instructions and the operating system saves the registers (CPUID and XGETBV,
///             both asked by the compiler's __builtin_cpu_supports).
///   aarch64   The kernel's HWCAP has ASIMD (getauxval; Linux, Documentation/arch/arm64/elf_hwcaps.rst).
///
/// The environment variable MLPBENCH_MAX_ISA lowers what is reported: baseline, avx2 or avx512; on aarch64
/// baseline or neon. So a machine without the instructions can be tried out on one that has them. The answer
/// then names the variable. Any other value is a UserError.
std::string missing_feature(Isa isa);

/// The highest instruction set for which missing_feature() is empty.
Isa best_isa();

}  // namespace mlpbench
