// The probes with NEON, which every aarch64 has and no flag asks for: see kernel_table.h.
#include "bench/probes/kernel_table.h"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace mlpbench::probes {
namespace {

constexpr int kVectorBytes = 16, kChains = 24;
constexpr bool kFused = true;

float32x4_t multiply_add(float32x4_t x, float32x4_t factor, float32x4_t term) {
  return vfmaq_f32(term, x, factor);
}
float64x2_t multiply_add(float64x2_t x, float64x2_t factor, float64x2_t term) {
  return vfmaq_f64(term, x, factor);
}

}  // namespace
}  // namespace mlpbench::probes

#include "bench/probes/kernel_definitions.h"

const mlpbench::probes::KernelTable mlpbench::probes::neon_kernels = table;
#else
const mlpbench::probes::KernelTable mlpbench::probes::neon_kernels = {};
#endif
