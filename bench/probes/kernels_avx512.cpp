// The probes with AVX-512. Compiled with that instruction set's flags: see kernel_table.h.
#include <cstddef>

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>

namespace mlpbench::probes {
namespace {

constexpr int kChains = 24;
constexpr std::size_t kFlopPerElement = 2;

template <typename T>
struct Register;

template <>
struct Register<float> {
  using Lanes = __m512;
  static constexpr std::size_t width = 512 / 32;

  static Lanes set1(float x) { return _mm512_set1_ps(x); }
  static Lanes multiply_add(int, Lanes x, Lanes factor, Lanes term) {
    return _mm512_fmadd_ps(x, factor, term);
  }
  static double sum(Lanes v) {
    float lanes[width];
    _mm512_storeu_ps(lanes, v);
    double total = 0.0;
    for (float lane : lanes) total += static_cast<double>(lane);
    return total;
  }
};

template <>
struct Register<double> {
  using Lanes = __m512d;
  static constexpr std::size_t width = 512 / 64;

  static Lanes set1(double x) { return _mm512_set1_pd(x); }
  static Lanes load(const double* p) { return _mm512_load_pd(p); }
  static void store(double* p, Lanes v) { _mm512_store_pd(p, v); }
  static Lanes bit_xor(Lanes a, Lanes b) { return _mm512_xor_pd(a, b); }
  static Lanes multiply_add(int, Lanes x, Lanes factor, Lanes term) {
    return _mm512_fmadd_pd(x, factor, term);
  }
  static Lanes b_plus_fc(Lanes b, Lanes f, Lanes c) { return _mm512_fmadd_pd(f, c, b); }
  static double sum(Lanes v) {
    double lanes[width];
    _mm512_storeu_pd(lanes, v);
    double total = 0.0;
    for (double lane : lanes) total += lane;
    return total;
  }
};

}  // namespace
}  // namespace mlpbench::probes

#include "bench/probes/kernel_definitions.h"

namespace mlpbench::probes {

const KernelTable avx512_kernels = table;

}  // namespace mlpbench::probes

#else
#include "bench/probes/kernel_table.h"

namespace mlpbench::probes {

const KernelTable avx512_kernels = {};

}  // namespace mlpbench::probes
#endif
