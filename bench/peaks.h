#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "bench/ceilings.h"

namespace mlpbench {

/// What the machine can do in the same process, right before and after the cases are timed: the clock rate
/// of a virtual machine moves from one minute to the next.
class Peaks {
 public:
  /// Probes `isa` on so many threads, for about a millisecond, and keeps the result beside earlier ones.
  /// Nothing where the probe cannot run.
  void probe(Isa isa, DType dtype, std::size_t threads);

  /// flop/s: the median of the probes, or nothing when there was none.
  std::optional<double> flops(Isa isa, DType dtype, std::size_t threads) const;

 private:
  Ceilings ceilings_;
  std::map<std::tuple<Isa, DType, std::size_t>, std::vector<double>> rates_;
};

}  // namespace mlpbench
