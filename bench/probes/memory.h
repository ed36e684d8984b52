#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/probes/trials.h"

namespace mlpbench {

/// A data or unified cache of the first processor, or the memory behind them.
struct MemoryLevel {
  std::string name;       ///< "L1", "L2", "L3", "memory"
  std::size_t bytes = 0;  ///< 0: no bound
};

/// From the fastest to memory, which is always there, as /sys/devices/system/cpu/cpu0/cache says; `folder`
/// replaces that path. Where the system does not say, memory is the only one.
std::vector<MemoryLevel> memory_levels(const std::string& folder = "/sys/devices/system/cpu/cpu0/cache");

/// Bytes a second of options.threads threads together, each on memory of its own.
struct Bandwidth {
  MemoryLevel level;
  std::size_t working_set = 0;  ///< bytes of each thread: half of the cache, or several times the largest one
  Summary read;                 ///< of a loop that only loads
  Summary triad;     ///< of a = b + s c: two loads and a store, 24 bytes in float64, counted as such
  Summary in_place;  ///< of a = a + s c, counted the same: no line is read only to be overwritten
};

/// Of every level, with the widest vectors of this machine. A line of `a` that triad writes is read first
/// from the level below; those bytes are not counted, as in the STREAM benchmark. std::bad_alloc when memory
/// is short.
std::vector<Bandwidth> memory_bandwidth(const ProbeOptions& options = {});

/// Bytes a second of the reading loop in memory_levels()[level] alone. std::invalid_argument when there is no
/// such level.
Summary reading_bandwidth(std::size_t level, const ProbeOptions& options = {});

}  // namespace mlpbench
