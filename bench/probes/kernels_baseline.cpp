// The probes with the sixteen-byte vectors that every x86-64 and ARM64 has. There is no fused multiply-add in
// the baseline of x86-64: half of the chains multiply and the other half add, which its units do at once.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace mlpbench::probes {
namespace {

constexpr int kChains = 14;
constexpr std::size_t kFlopPerElement = 1;

template <typename T>
struct Register {
  typedef T Lanes __attribute__((vector_size(16)));
  typedef std::int64_t Bits __attribute__((vector_size(16)));
  static constexpr std::size_t width = 16 / sizeof(T);

  static Lanes set1(T x) { return x - Lanes{}; }
  static Lanes load(const T* p) { return *reinterpret_cast<const Lanes*>(p); }
  static void store(T* p, Lanes v) { *reinterpret_cast<Lanes*>(p) = v; }
  static Lanes bit_xor(Lanes a, Lanes b) {
    return reinterpret_cast<Lanes>(reinterpret_cast<Bits>(a) ^ reinterpret_cast<Bits>(b));
  }
  static Lanes multiply_add(int chain, Lanes x, Lanes factor, Lanes term) {
    return chain % 2 == 0 ? x * factor : x + term;
  }
  static Lanes b_plus_fc(Lanes b, Lanes f, Lanes c) { return b + f * c; }
  static double sum(Lanes v) {
    double total = 0.0;
    for (std::size_t i = 0; i < width; ++i) total += static_cast<double>(v[i]);
    return total;
  }
};

}  // namespace
}  // namespace mlpbench::probes

#include "bench/probes/kernel_definitions.h"

namespace mlpbench::probes {

const KernelTable baseline_kernels = table;

}  // namespace mlpbench::probes
