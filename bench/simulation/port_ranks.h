#pragma once

#include <functional>

#include "bench/simulation/smpi_ranks.h"

namespace mlpbench {

/// simulate() for hundreds of ranks that all send to all. SMPI needs 1e-4 s of CPU a message for them at 64
/// ranks, and more beyond. A node is LogGP's. A message leaves its sender's port after overhead + bytes /
/// bandwidth, one after the other, and arrives after the latency. It takes as long in the port of its
/// receiver. Each port serves messages one by one; the switch blocks nobody. Collective calls are those of
/// libnbc (Open MPI's), an allreduce a ring. Messages above 4 KiB arrive without their content: nobody may
/// compute with it.
///   A. Alexandrov, M. Ionescu, K. Schauser, C. Scheiman: LogGP, SPAA 1995.
double simulate_ports(const Cluster& cluster, std::size_t ranks,
                      const std::function<void(Communicator&)>& rank_main);

}  // namespace mlpbench
