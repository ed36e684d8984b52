// Ranks that SimGrid simulates: actors of one process, whose messages are SMPI's and take the time that a
// model of the network says. S. Clauss, M. Stillwell, S. Genaud, F. Suter, H. Casanova, M. Quinson: Single
// node on-line simulation of MPI applications with SMPI, IPDPS 2011.
#pragma once

#include <cstddef>
#include <functional>

#include "bench/studies/rank_costs.h"
#include "core/training/communicator.h"

namespace mlpbench {

/// Runs `rank_main` on each of `ranks` ranks, one a node, and returns the simulated seconds until the last
/// one has ended. Each node has a link of its own in each direction. The additions of an allreduce take no
/// time. Once a process. What `rank_main` throws ends the process.
double simulate(const Cluster& cluster, std::size_t ranks,
                const std::function<void(Communicator&)>& rank_main);

/// The time that this rank has reached, and computing for so long, to be called in rank_main alone.
double simulated_seconds();
void simulate_work(double seconds) noexcept;

}  // namespace mlpbench
