#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "bench/probes/probes.h"

namespace mlpbench {

/// What is probed right before and after something that is timed.
struct Probe {
  Isa isa = Isa::baseline;
  DType dtype = DType::float32;
  ProbeOptions options{.threads = 1, .trials = 3, .seconds_per_trial = 3e-4};
  std::optional<std::size_t> level = {};  ///< of memory_levels(), whose reading bandwidth is probed as well
};

/// Medians of the trials of one probe.
struct Reading {
  double flops = 0.0;  ///< a second
  double bytes = 0.0;  ///< a second; 0 without a level
};

/// The fastest of memory_levels() that holds `bytes`, counted from 0.
std::size_t level_that_holds(double bytes, const std::vector<MemoryLevel>& levels);

/// The limits of this machine, as this process measures them. The clock rate moves from one second to the
/// next. So what is timed is compared with what the machine could do right before and after it.
class Ceilings {
 public:
  /// Measures now, and keeps the reading of the arithmetic. std::invalid_argument as fma_peak().
  Reading read(const Probe& probe) const;

  /// read() of one thread, for about a millisecond: flop/s.
  double fma_now(Isa isa, DType dtype) const { return read({.isa = isa, .dtype = dtype}).flops; }

  /// read() with trials so long that the moments when one of several threads waits are a part of them.
  /// Nothing where the probe of `isa` cannot run.
  void probe(Isa isa, DType dtype, std::size_t threads) const;

  /// flop/s: the best trial of all readings, since a roof is what can be reached; nothing when there was
  /// none.
  std::optional<double> flops(Isa isa, DType dtype, std::size_t threads) const;

  /// flop/s of every reading of one thread.
  std::map<std::pair<Isa, DType>, std::vector<double>> readings() const;

  /// probed_isa() of the best instruction set of this machine.
  Isa best() const { return probed_isa(best_isa()); }

  /// Of one thread. Measured at the first call, then kept.
  const std::vector<Bandwidth>& bandwidth() const;

  /// The fastest level that holds `bytes`.
  const Bandwidth& level_of(double bytes) const;

 private:
  struct Peak {
    std::vector<double> readings;
    double best = 0.0;  ///< trial
  };
  mutable std::map<std::tuple<Isa, DType, std::size_t>, Peak> peaks_;
  mutable std::vector<Bandwidth> bandwidth_;
};

/// Ticks a second of the processor's time-stamp counter (aarch64: the virtual counter, CNTVCT_EL0). It runs
/// at one rate at any clock. Measured once, against steady_clock, for 20 ms.
double time_stamp_frequency();

}  // namespace mlpbench
