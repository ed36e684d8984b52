#include "bench/probes/ceilings.h"

#include <algorithm>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "support/clock.h"

namespace mlpbench {

std::size_t level_that_holds(double bytes, const std::vector<MemoryLevel>& levels) {
  std::size_t level = 0;
  while (level + 1 < levels.size() && bytes > static_cast<double>(levels[level].bytes)) ++level;
  return level;
}

Reading Ceilings::read(const Probe& probe) const {
  const Summary flops = fma_peak(probe.isa, probe.dtype, probe.options);
  Peak& peak = peaks_[{probe.isa, probe.dtype, probe.options.threads}];
  peak.readings.push_back(flops.median);
  peak.best = std::max(peak.best, flops.highest);
  return {flops.median, probe.level ? reading_bandwidth(*probe.level, probe.options).median : 0.0};
}

void Ceilings::probe(Isa isa, DType dtype, std::size_t threads) const {
  if (!unusable_probe(isa).empty()) return;
  read({isa, dtype, {threads, threads == 1 ? 5UL : 9UL, threads == 1 ? 5e-4 : 3e-3}});
}

std::optional<double> Ceilings::flops(Isa isa, DType dtype, std::size_t threads) const {
  const auto found = peaks_.find({isa, dtype, threads});
  return found == peaks_.end() ? std::nullopt : std::optional(found->second.best);
}

std::map<std::pair<Isa, DType>, std::vector<double>> Ceilings::readings() const {
  std::map<std::pair<Isa, DType>, std::vector<double>> all;
  for (const auto& [key, peak] : peaks_) {
    const auto& [isa, dtype, threads] = key;
    if (threads == 1) all[{isa, dtype}] = peak.readings;
  }
  return all;
}

const std::vector<Bandwidth>& Ceilings::bandwidth() const {
  if (bandwidth_.empty())
    bandwidth_ = memory_bandwidth({.threads = 1, .trials = 5, .seconds_per_trial = 1e-3});
  return bandwidth_;
}

const Bandwidth& Ceilings::level_of(double bytes) const {
  std::vector<MemoryLevel> levels;
  for (const Bandwidth& level : bandwidth()) levels.push_back(level.level);
  return bandwidth()[level_that_holds(bytes, levels)];
}

namespace {

std::uint64_t time_stamp() {
#if defined(__x86_64__)
  return __rdtsc();
#else
  std::uint64_t ticks;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#endif
}

}  // namespace

double time_stamp_frequency() {
  static const double frequency = [] {
    const Clock::time_point start = Clock::now();
    const std::uint64_t first = time_stamp();
    double seconds = 0.0;
    do seconds = seconds_since(start);
    while (seconds < 0.02);
    return static_cast<double>(time_stamp() - first) / seconds;
  }();
  return frequency;
}

}  // namespace mlpbench
