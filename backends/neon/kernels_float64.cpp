// The kernels of this backend in float64: the templates of backends/simd over this folder's Vec. There is a
// file for each type, because a compiler takes long over them. The order of the includes matters.
#include "backends/neon/vec.h"
//
#include "backends/neon/shuffles.h"
//
#include "backends/neon/kernels.h"
#include "backends/simd/kernel_definitions.h"

namespace mlpbench::simd {

const KernelTable<double> neon_kernels_float64 = Kernels<double>::table;

}  // namespace mlpbench::simd
