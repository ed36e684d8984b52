// Ranks that SimGrid simulates: actors of one process, whose messages are SMPI's and take the time that a
// model of the network says. S. Clauss, M. Stillwell, S. Genaud, F. Suter, H. Casanova, M. Quinson: Single
// node on-line simulation of MPI applications with SMPI, IPDPS 2011.
#pragma once

#include <cstddef>
#include <functional>

#include "core/training/communicator.h"

namespace mlpbench {

/// A cluster whose nodes hang on one switch that blocks nobody: each node has a link of its own in each
/// direction.
struct Cluster {
  double bandwidth = 1.18e9;  ///< of a link, bytes/s
  double latency = 20e-6;     ///< from node to node, seconds
  double overhead = 1e-6;     ///< of the CPU for each message that it sends or receives, seconds
};

/// Runs `rank_main` on each of `ranks` ranks, one a node, and returns the simulated seconds until the last
/// one has ended. Once a process. What `rank_main` throws ends the process.
double simulate(const Cluster& cluster, std::size_t ranks,
                const std::function<void(Communicator&)>& rank_main);

/// The time that this rank has reached, and computing for so long, to be called in rank_main alone.
double simulated_seconds();
void simulate_work(double seconds) noexcept;

}  // namespace mlpbench
