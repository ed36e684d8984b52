#include "bench/studies/rank_costs.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/training/ordered_sum.h"

namespace mlpbench {
namespace {

double doubled_gather_seconds(const Cluster& cluster, double bytes, std::size_t ranks) noexcept {
  const auto rounds = static_cast<double>(std::bit_width(ranks) - 1);  // log2
  return rounds * (cluster.latency + cluster.overhead) +
         (bytes - bytes / static_cast<double>(ranks)) / cluster.bandwidth;
}

}  // namespace

double all_to_all_seconds(const Cluster& cluster, double bytes, std::size_t ranks) noexcept {
  if (ranks == 1) return 0.0;
  const double count = static_cast<double>(ranks);
  return cluster.latency + (count - 1.0) * cluster.message(bytes / count);
}

bool gathers_by_doubling(const Cluster& cluster, std::size_t ranks) noexcept {
  return std::has_single_bit(ranks) &&
         doubled_gather_seconds(cluster, 0.0, ranks) < all_to_all_seconds(cluster, 0.0, ranks);
}

double gather_seconds(const Cluster& cluster, double bytes, std::size_t ranks) noexcept {
  return gathers_by_doubling(cluster, ranks) ? doubled_gather_seconds(cluster, bytes, ranks)
                                             : all_to_all_seconds(cluster, bytes, ranks);
}

double ordered_sum_seconds(const Cluster& cluster, double bytes, std::size_t ranks, std::size_t most,
                           std::size_t addends) noexcept {
  if (ranks == 1) return 0.0;
  const double hops = static_cast<double>(ranks - 1), of_all = static_cast<double>(addends),
               of_rank = static_cast<double>(most);
  if (sum_path(most, ranks) == SumPath::owners) {
    const double part = bytes / static_cast<double>(ranks);
    return 2.0 * cluster.latency + (of_rank + 1.0) * hops * cluster.message(part) +
           (of_all - 1.0) * part / sizeof(float) * cluster.addition;
  }
  constexpr auto kSegment = static_cast<double>(kChainSegmentBytes);
  const double segments = std::ceil(bytes / kSegment), segment = std::min(bytes, kSegment);
  const double message = cluster.message(segment), addition = segment / sizeof(float) * cluster.addition;
  return 2.0 * hops * (cluster.latency + message) + of_all * addition +
         (segments - 1.0) * std::max(2.0 * message, of_rank * addition);
}

double allreduce_seconds(const Cluster& cluster, double bytes, std::size_t ranks) noexcept {
  const std::size_t paired = std::bit_floor(ranks);
  const double sent = bytes - bytes / static_cast<double>(paired);
  const double halving =
      2.0 * doubled_gather_seconds(cluster, bytes, paired) + sent / sizeof(float) * cluster.addition;
  if (ranks == paired) return halving;
  return halving + 2.0 * (cluster.latency + cluster.message(bytes)) +
         bytes / sizeof(float) * cluster.addition;
}

}  // namespace mlpbench
