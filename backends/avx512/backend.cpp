#include "backends/avx512/kernels.h"
#include "backends/simd/simd_backend.h"

namespace mlpbench {

BackendEntry avx512_backend() {
  static const SimdBackend<float> float32(simd::avx512_kernels_float32);
  static const SimdBackend<double> float64(simd::avx512_kernels_float64);
  return {.name = "avx512",
          .about = "hand-vectorised with AVX-512 intrinsics, mask registers for tails",
          .required_isa = Isa::avx512,
          .rounding_family = "simd",
          .block_invariant = true,
          .float32 = &float32,
          .float64 = &float64};
}

}  // namespace mlpbench
