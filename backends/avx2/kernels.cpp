// The only file of this backend that is compiled with ISA flags: the templates of backends/simd over this
// folder's Vec. The order of the includes matters.
#include "backends/avx2/vec.h"
//
#include "backends/avx2/kernels.h"
#include "backends/simd/kernel_definitions.h"

namespace mlpbench::simd {

const KernelTable<float> avx2_kernels_float32 = Kernels<float>::table;
const KernelTable<double> avx2_kernels_float64 = Kernels<double>::table;

}  // namespace mlpbench::simd
