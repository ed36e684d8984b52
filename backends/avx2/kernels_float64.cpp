// The kernels of this backend in float64: the templates of backends/simd over this folder's Vec. Only the
// files kernels_*.cpp are compiled with ISA flags; there is one for each type, because a compiler takes long
// over them. The order of the includes matters.
#include "backends/avx2/vec.h"
//
#include "backends/simd/shuffles_avx.h"
//
#include "backends/avx2/kernels.h"
#include "backends/simd/kernel_definitions.h"

namespace mlpbench::simd {

const KernelTable<double> avx2_kernels_float64 = Kernels<double>::table;

}  // namespace mlpbench::simd
