// The probes with AVX-512. Compiled with that instruction set's flags: see kernel_table.h.
#include "bench/probes/kernel_table.h"

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>

namespace mlpbench::probes {
namespace {

constexpr int kVectorBytes = 64, kChains = 24;
constexpr bool kFused = true;

__m512 multiply_add(__m512 x, __m512 factor, __m512 term) { return _mm512_fmadd_ps(x, factor, term); }
__m512d multiply_add(__m512d x, __m512d factor, __m512d term) { return _mm512_fmadd_pd(x, factor, term); }

}  // namespace
}  // namespace mlpbench::probes

#include "bench/probes/kernel_definitions.h"

const mlpbench::probes::KernelTable mlpbench::probes::avx512_kernels = table;
#else
const mlpbench::probes::KernelTable mlpbench::probes::avx512_kernels = {};
#endif
