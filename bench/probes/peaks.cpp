#include "bench/probes/peaks.h"

#include <algorithm>

namespace mlpbench {
namespace {

// Several threads are seldom all on a processor at once where others work too: a trial has to be so long that
// the moments when one of them waits are a part of it.
constexpr ProbeOptions kOneThread{.threads = 1, .trials = 5, .seconds_per_trial = 5e-4};
constexpr ProbeOptions kThreads{.threads = 2, .trials = 9, .seconds_per_trial = 3e-3};

}  // namespace

void Peaks::probe(Isa isa, DType dtype, std::size_t threads) {
  if (!unusable_probe(isa).empty()) return;
  ProbeOptions options = threads == 1 ? kOneThread : kThreads;
  options.threads = threads;
  double& best = best_[{isa, dtype, threads}];
  best = std::max(best, fma_peak(isa, dtype, options).highest);
}

std::optional<double> Peaks::flops(Isa isa, DType dtype, std::size_t threads) const {
  const auto found = best_.find({isa, dtype, threads});
  return found == best_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace mlpbench
