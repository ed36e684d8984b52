#include "bench/studies/rank_costs.h"

#include <algorithm>
#include <cmath>

#include "core/training/ordered_sum.h"

namespace mlpbench {

double all_to_all_seconds(const RankNetwork& network, double bytes, std::size_t ranks) noexcept {
  if (ranks == 1) return 0.0;
  const double count = static_cast<double>(ranks);
  return network.latency + (count - 1.0) * network.message(bytes / count);
}

double ordered_sum_seconds(const RankNetwork& network, double bytes, std::size_t ranks,
                           std::size_t most_addends) noexcept {
  if (ranks == 1) return 0.0;
  if (sum_path(most_addends, ranks) == SumPath::owners)
    return 2.0 * all_to_all_seconds(network, bytes, ranks);
  constexpr auto kSegment = static_cast<double>(kChainSegmentBytes);
  const double segments = std::ceil(bytes / kSegment), hops = static_cast<double>(ranks - 1);
  const double message = network.message(std::min(bytes, kSegment));
  return 2.0 * hops * (network.latency + message) + 2.0 * message * (segments - 1.0);
}

double allreduce_seconds(const RankNetwork& network, double bytes, std::size_t ranks) noexcept {
  const double count = static_cast<double>(ranks);
  return 2.0 * (count - 1.0) * (network.latency + network.message(bytes / count));
}

}  // namespace mlpbench
