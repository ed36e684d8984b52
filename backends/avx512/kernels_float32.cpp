// The kernels of this backend in float32: the templates of backends/simd over this folder's Vec. Only the
// files kernels_*.cpp are compiled with ISA flags; there is one for each type, because a compiler takes long
// over them. The order of the includes matters.
#include "backends/avx512/vec.h"
//
#include "backends/simd/shuffles_avx.h"
//
#include "backends/avx512/kernels.h"
#include "backends/simd/kernel_definitions.h"

namespace mlpbench::simd {

const KernelTable<float> avx512_kernels_float32 = Kernels<float>::table;

}  // namespace mlpbench::simd
