#pragma once

#include <string>
#include <string_view>

namespace mlpbench {

/// How much memory this process can still take, and what limits it.
struct MemoryLimit {
  double bytes = 0.0;  ///< infinite where the system says nothing
  std::string limit;   ///< "this machine has 3.20 GB free", what a message says of it
};

/// The least of
///   - what the machine has free without swapping (MemAvailable of /proc/meminfo),
///   - the limit of the control group, version 1 or 2, and of those that it lies in,
///   - RLIMIT_AS (`ulimit -v`) without what this process has mapped.
/// Files of /proc and /sys are read below `root`, as in support/machine.h.
MemoryLimit memory_limit(const std::string& root = "");

/// Refuses what this process cannot have: the kernel would grant the memory and end the process when it is
/// touched. Throws UserError "OPTION: WHAT needs about ... of memory and ..." when `bytes` is more than
/// memory_limit(). `option` may also be a file.
void require_memory(std::string_view option, std::string_view what, double bytes);

}  // namespace mlpbench
