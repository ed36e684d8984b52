#include "backends/avx2/kernels.h"
#include "backends/simd/simd_backend.h"

namespace mlpbench {

BackendEntry avx2_backend() {
  static const SimdBackend<float> float32(simd::avx2_kernels_float32);
  static const SimdBackend<double> float64(simd::avx2_kernels_float64);
  return {.name = "avx2",
          .about = "hand-vectorised with AVX2 and FMA intrinsics",
          .required_isa = Isa::avx2,
          .rounding_family = "simd",
          .block_invariant = true,
          .float32 = &float32,
          .float64 = &float64};
}

}  // namespace mlpbench
