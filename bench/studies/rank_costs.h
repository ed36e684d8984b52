#pragma once

#include <cstddef>

namespace mlpbench {

/// LogGP's parameters of a network (A. Alexandrov et al., SPAA 1995): an alpha-beta model whose messages
/// also cost their sender and receiver something each.
struct RankNetwork {
  double latency = 0.0;   ///< alpha: seconds from node to node
  double byte = 0.0;      ///< beta: seconds of a byte
  double overhead = 0.0;  ///< of a message, in the port of either node

  double message(double bytes) const noexcept { return overhead + bytes * byte; }
};

// Seconds of what `ranks` do together with `bytes` of parameters, in the ways of core/training.

/// Each sends a part of `bytes` / ranks to every other one: a step of OrderedSum by owners, WorkerTree, a
/// gather.
///   latency + (ranks - 1) message(bytes / ranks)
double all_to_all_seconds(const RankNetwork& network, double bytes, std::size_t ranks) noexcept;

/// OrderedSum: by owners twice all_to_all_seconds(), where no rank has more than one addend. Else the chain
/// of segments of kChainSegmentBytes; s = message(segment):
///   2 (ranks - 1) (latency + s) + 2 s (segments - 1)
double ordered_sum_seconds(const RankNetwork& network, double bytes, std::size_t ranks,
                           std::size_t most_addends) noexcept;

/// A ring: 2 (ranks - 1) (latency + message(bytes / ranks)).
double allreduce_seconds(const RankNetwork& network, double bytes, std::size_t ranks) noexcept;

}  // namespace mlpbench
