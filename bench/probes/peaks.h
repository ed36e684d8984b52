#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <tuple>

#include "bench/probes/fma.h"

namespace mlpbench {

/// What the machine can do in the same process, right before and after the cases are timed: the clock rate
/// of a virtual machine moves from one minute to the next.
class Peaks {
 public:
  /// Probes `isa` on so many threads, for some milliseconds. Nothing where the probe cannot run.
  void probe(Isa isa, DType dtype, std::size_t threads);

  /// flop/s: the best trial of all probes, since a roof is what can be reached; or nothing when there was
  /// none.
  std::optional<double> flops(Isa isa, DType dtype, std::size_t threads) const;

 private:
  std::map<std::tuple<Isa, DType, std::size_t>, double> best_;
};

}  // namespace mlpbench
