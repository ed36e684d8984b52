#include "bench/peaks.h"

#include "bench/stats/order.h"

namespace mlpbench {

void Peaks::probe(Isa isa, DType dtype, std::size_t threads) {
  if (!unusable_probe(isa).empty()) return;
  rates_[{isa, dtype, threads}].push_back(ceilings_.fma_now(isa, dtype, threads));
}

std::optional<double> Peaks::flops(Isa isa, DType dtype, std::size_t threads) const {
  const auto found = rates_.find({isa, dtype, threads});
  return found == rates_.end() ? std::nullopt : std::optional(median(found->second));
}

}  // namespace mlpbench
