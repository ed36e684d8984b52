// The probes with AVX2 and FMA. Compiled with that instruction set's flags: see kernel_table.h.
#include "bench/probes/kernel_table.h"

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

namespace mlpbench::probes {
namespace {

constexpr int kVectorBytes = 32, kChains = 12;
constexpr bool kFused = true;

__m256 multiply_add(__m256 x, __m256 factor, __m256 term) { return _mm256_fmadd_ps(x, factor, term); }
__m256d multiply_add(__m256d x, __m256d factor, __m256d term) { return _mm256_fmadd_pd(x, factor, term); }

}  // namespace
}  // namespace mlpbench::probes

#include "bench/probes/kernel_definitions.h"

const mlpbench::probes::KernelTable mlpbench::probes::avx2_kernels = table;
#else
const mlpbench::probes::KernelTable mlpbench::probes::avx2_kernels = {};
#endif
