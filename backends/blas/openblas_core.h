#pragma once

#include <string>
#include <string_view>

#include "support/cpu.h"

namespace mlpbench {

/// The kernels that OpenBLAS runs, by its own name: "Haswell", "SkylakeX", "Zen".
std::string openblas_core();

/// "OpenBLAS 0.3.21".
std::string openblas_version();

/// The instruction set of those kernels; baseline for a name that is not known here.
Isa openblas_core_isa(std::string_view core) noexcept;

/// "OpenBLAS Zen (AVX2+FMA)", and in words that it is less than this CPU has where it is.
std::string openblas_executed_isa();

}  // namespace mlpbench
