// The KernelTable of one instruction set. The last include of a kernels_*.cpp. That file defines before it,
// in an anonymous namespace: kVectorBytes, the size of a register; kChains, the number of independent chains
// that fit the registers. It also defines multiply_add(x, factor, term) of two vectors of float or double,
// and kFused, whether it is one instruction.
#pragma once

#include <cstdint>

#include "bench/probes/kernel_table.h"

namespace mlpbench::probes {
namespace {

template <typename T>
struct Register {
  typedef T Lanes __attribute__((vector_size(kVectorBytes)));
  typedef std::int64_t Bits __attribute__((vector_size(kVectorBytes)));
  static constexpr std::size_t width = kVectorBytes / sizeof(T);

  static Lanes set1(T x) { return x - Lanes{}; }
  static Lanes load(const T* p) { return *reinterpret_cast<const Lanes*>(p); }
  static void store(T* p, Lanes v) { *reinterpret_cast<Lanes*>(p) = v; }
  static Lanes bit_xor(Lanes a, Lanes b) {
    return reinterpret_cast<Lanes>(reinterpret_cast<Bits>(a) ^ reinterpret_cast<Bits>(b));
  }
  static double sum(Lanes v) {
    double total = 0.0;
    for (std::size_t i = 0; i < width; ++i) total += static_cast<double>(v[i]);
    return total;
  }
};

/// The loops over chains are unrolled, so that `chain` lies in registers.
template <typename T>
double arithmetic(std::size_t repetitions, T factor, T term) {
  using R = Register<T>;
  typename R::Lanes chain[kChains];
#pragma GCC unroll 32
  for (int i = 0; i < kChains; ++i) chain[i] = R::set1(static_cast<T>(i + 1));
  const typename R::Lanes f = R::set1(factor), t = R::set1(term);
  for (std::size_t r = 0; r < repetitions; ++r) {
#pragma GCC unroll 32
    for (int i = 0; i < kChains; ++i) {
      if constexpr (kFused) {
        chain[i] = multiply_add(chain[i], f, t);
      } else {
        chain[i] = i % 2 == 0 ? chain[i] * f : chain[i] + t;
      }
    }
  }
  double sum = 0.0;
#pragma GCC unroll 32
  for (int i = 0; i < kChains; ++i) sum += R::sum(chain[i]);
  return sum;
}

inline double read(const double* x, std::size_t size, std::size_t repetitions) {
  using R = Register<double>;
  constexpr int kStreams = 8;
  constexpr std::size_t kWidth = R::width;
  R::Lanes seen[kStreams];
#pragma GCC unroll 8
  for (int i = 0; i < kStreams; ++i) seen[i] = R::set1(0.0);
  for (std::size_t r = 0; r < repetitions; ++r) {
    for (std::size_t j = 0; j < size; j += kStreams * kWidth) {
#pragma GCC unroll 8
      for (int i = 0; i < kStreams; ++i) {
        seen[i] = R::bit_xor(seen[i], R::load(x + j + static_cast<std::size_t>(i) * kWidth));
      }
    }
    // What is in memory may have changed as far as the compiler knows: every repetition reads again.
    asm volatile("" : : : "memory");
  }
#pragma GCC unroll 8
  for (int i = 1; i < kStreams; ++i) seen[0] = R::bit_xor(seen[0], seen[i]);
  return R::sum(seen[0]);
}

inline void triad(double* a, const double* b, const double* c, double factor, std::size_t size,
                  std::size_t repetitions) {
  using R = Register<double>;
  const R::Lanes f = R::set1(factor);
  for (std::size_t r = 0; r < repetitions; ++r) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < size; j += R::width) {
      R::store(a + j, multiply_add(f, R::load(c + j), R::load(b + j)));
    }
    asm volatile("" : : : "memory");
  }
}

/// Of one round: a multiplication and an addition, or one of them, for each lane.
template <typename T>
constexpr std::size_t kFlopPerRound = (kFused ? 2 : 1) * kChains* Register<T>::width;

constexpr KernelTable table = {
    arithmetic<float>, arithmetic<double>, kFlopPerRound<float>, kFlopPerRound<double>, read, triad};

}  // namespace
}  // namespace mlpbench::probes
