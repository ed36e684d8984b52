#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/probes/fma.h"
#include "bench/probes/memory.h"

namespace mlpbench {

/// The limits of this machine, as this process measures them on one thread.
class Ceilings {
 public:
  /// flop/s of `isa`, measured now, for about a millisecond: the clock rate moves from one second to the
  /// next, so a row is compared with what the machine could do right before and after it.
  double fma_now(Isa isa, DType dtype) const;

  /// The instruction set that best_isa() names, or the next lower one whose probe was built.
  Isa best() const;

  /// Measured at the first call, then kept.
  const std::vector<Bandwidth>& bandwidth() const;

  /// The fastest level that holds `bytes`.
  const Bandwidth& level_of(double bytes) const;

 private:
  mutable std::vector<Bandwidth> bandwidth_;
};

/// Ticks a second of the processor's time-stamp counter, which runs at one rate whatever the clock does;
/// measured once, against steady_clock, for 20 ms. 0 where there is no such counter.
double time_stamp_frequency();

}  // namespace mlpbench
