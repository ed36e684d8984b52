#pragma once

#include "backends/simd/kernel_table.h"

namespace mlpbench::simd {

extern const KernelTable<float> neon_kernels_float32;
extern const KernelTable<double> neon_kernels_float64;

}  // namespace mlpbench::simd
