#include "bench/probes/ceilings.h"

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace mlpbench {
namespace {

[[maybe_unused]] double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double Ceilings::fma_now(Isa isa, DType dtype) const {
  return fma_peak(isa, dtype, {.threads = 1, .trials = 3, .seconds_per_trial = 3e-4}).median;
}

Isa Ceilings::best() const {
  for (Isa isa : {Isa::avx512, Isa::avx2}) {
    if (unusable_probe(isa).empty()) return isa;
  }
  return Isa::baseline;
}

const std::vector<Bandwidth>& Ceilings::bandwidth() const {
  if (bandwidth_.empty())
    bandwidth_ = memory_bandwidth({.threads = 1, .trials = 5, .seconds_per_trial = 1e-3});
  return bandwidth_;
}

const Bandwidth& Ceilings::level_of(double bytes) const {
  for (const Bandwidth& level : bandwidth()) {
    if (bytes <= static_cast<double>(level.level.bytes)) return level;
  }
  return bandwidth().back();
}

double time_stamp_frequency() {
#if defined(__x86_64__)
  static const double frequency = [] {
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t first = __rdtsc();
    double seconds = 0.0;
    do seconds = seconds_since(start);
    while (seconds < 0.02);
    return static_cast<double>(__rdtsc() - first) / seconds;
  }();
  return frequency;
#else
  return 0.0;
#endif
}

}  // namespace mlpbench
