// The only file of this backend that is compiled with ISA flags: the templates of backends/simd over this
// folder's Vec. The order of the includes matters.

// GCC 12's unmasked AVX-512 intrinsics pass an undefined source to the masked builtins and are then blamed
// for it (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "backends/avx512/vec.h"
//
#include "backends/avx512/kernels.h"
#include "backends/simd/kernel_definitions.h"

namespace mlpbench::simd {

const KernelTable<float> avx512_kernels_float32 = Kernels<float>::table;
const KernelTable<double> avx512_kernels_float64 = Kernels<double>::table;

}  // namespace mlpbench::simd
