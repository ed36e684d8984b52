// The kernels of this backend in float32: the templates of backends/simd over this folder's Vec. There is a
// file for each type, because a compiler takes long over them. The order of the includes matters.
#include "backends/neon/vec.h"
//
#include "backends/neon/shuffles.h"
//
#include "backends/neon/kernels.h"
#include "backends/simd/kernel_definitions.h"

namespace mlpbench::simd {

const KernelTable<float> neon_kernels_float32 = Kernels<float>::table;

}  // namespace mlpbench::simd
