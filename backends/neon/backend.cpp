#include "backends/neon/kernels.h"
#include "backends/simd/simd_backend.h"

namespace mlpbench {

BackendEntry neon_backend() {
  static const SimdBackend<float> float32(simd::neon_kernels_float32);
  static const SimdBackend<double> float64(simd::neon_kernels_float64);
  return {.name = "neon",
          .about = "hand-vectorised with NEON intrinsics (aarch64)",
          .required_isa = Isa::neon,
          .rounding_family = "simd",
          .block_invariant = true,
          .float32 = &float32,
          .float64 = &float64};
}

}  // namespace mlpbench
