// The probes with AVX2 and FMA. Compiled with that instruction set's flags: see kernel_table.h.
#include <cstddef>

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

namespace mlpbench::probes {
namespace {

constexpr int kChains = 12;
constexpr std::size_t kFlopPerElement = 2;

template <typename T>
struct Register;

template <>
struct Register<float> {
  using Lanes = __m256;
  static constexpr std::size_t width = 256 / 32;

  static Lanes set1(float x) { return _mm256_set1_ps(x); }
  static Lanes multiply_add(int, Lanes x, Lanes factor, Lanes term) {
    return _mm256_fmadd_ps(x, factor, term);
  }
  static double sum(Lanes v) {
    float lanes[width];
    _mm256_storeu_ps(lanes, v);
    double total = 0.0;
    for (float lane : lanes) total += static_cast<double>(lane);
    return total;
  }
};

template <>
struct Register<double> {
  using Lanes = __m256d;
  static constexpr std::size_t width = 256 / 64;

  static Lanes set1(double x) { return _mm256_set1_pd(x); }
  static Lanes load(const double* p) { return _mm256_load_pd(p); }
  static void store(double* p, Lanes v) { _mm256_store_pd(p, v); }
  static Lanes bit_xor(Lanes a, Lanes b) { return _mm256_xor_pd(a, b); }
  static Lanes multiply_add(int, Lanes x, Lanes factor, Lanes term) {
    return _mm256_fmadd_pd(x, factor, term);
  }
  static Lanes b_plus_fc(Lanes b, Lanes f, Lanes c) { return _mm256_fmadd_pd(f, c, b); }
  static double sum(Lanes v) {
    double lanes[width];
    _mm256_storeu_pd(lanes, v);
    double total = 0.0;
    for (double lane : lanes) total += lane;
    return total;
  }
};

}  // namespace
}  // namespace mlpbench::probes

#include "bench/probes/kernel_definitions.h"

namespace mlpbench::probes {

const KernelTable avx2_kernels = table;

}  // namespace mlpbench::probes

#else
#include "bench/probes/kernel_table.h"

namespace mlpbench::probes {

const KernelTable avx2_kernels = {};

}  // namespace mlpbench::probes
#endif
