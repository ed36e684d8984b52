#pragma once

#include <string>
#include <string_view>

namespace mlpbench {

/// Instruction sets that a backend may be written for, each containing the ones before it.
enum class Isa { baseline, avx2, avx512 };

/// "baseline x86-64" (or the architecture's name), "AVX2+FMA", "AVX-512 F/DQ/VL/BW".
std::string_view to_string(Isa isa) noexcept;

/// The first feature of `isa` that this machine lacks ("FMA", "AVX-512BW"), or an empty string when all are
/// usable: the CPU has the instructions and the operating system saves the registers (CPUID and XGETBV, both
/// asked by the compiler's __builtin_cpu_supports).
///
/// The environment variable MLPBENCH_MAX_ISA (baseline, avx2 or avx512) lowers what is reported, so that a
/// machine without the instructions can be tried out on one that has them; the answer then names the
/// variable. Any other value is a UserError.
std::string missing_feature(Isa isa);

/// The highest instruction set for which missing_feature() is empty.
Isa best_isa();

/// "AMD EPYC 9R14", as the kernel reports it, or "unknown".
std::string cpu_model();

}  // namespace mlpbench
