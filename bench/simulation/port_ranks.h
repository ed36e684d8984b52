#pragma once

#include <functional>

#include "bench/simulation/smpi_ranks.h"

namespace mlpbench {

/// simulate() for hundreds of ranks that all send to all. SMPI needs 1e-4 s of CPU a message for them at 64
/// ranks, and more beyond. A node is LogGP's (Cluster). Each port serves messages one by one, in the order in
/// which they arrive. A gather is the better of two algorithms, an allreduce Rabenseifner's (rank_costs.h). A
/// broadcast, of which a step has none, is one message to each. Messages above 4 KiB arrive without their
/// content: nobody may compute with it.
double simulate_ports(const Cluster& cluster, std::size_t ranks,
                      const std::function<void(Communicator&)>& rank_main);

}  // namespace mlpbench
