#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mlpbench {

// What the system says about the machine, read from the files of /proc and /sys below `root`. An empty `root`
// is this machine; tests have trees of their own. Without those files, as in some containers and on other
// systems, texts are "unknown" and numbers are empty. Nothing here names the machine's owner, its users or
// the host.

/// A cache of the first processor.
struct CacheInfo {
  int level = 0;
  std::string type;  ///< "Data", "Instruction", "Unified"
  std::size_t bytes = 0;
  std::string shared_by;  ///< the processors that have it in common: "0-1"
};

/// What does not change while the machine runs.
struct Hardware {
  std::string cpu;  ///< "AMD EPYC 9R14"; the core on ARM, where the kernel has no other name: "Neoverse-N1"
  std::string microcode;
  std::string hypervisor;  ///< "none", "KVM", or "yes" where there is one that has no name
  std::optional<std::size_t> sockets, cores, threads;  ///< threads: the logical processors that are online
  std::vector<int> one_thread_of_each_core;            ///< empty when the system does not say
  std::vector<CacheInfo> caches;
  std::optional<double> memory_bytes;
};

Hardware read_hardware(const std::string& root = "");

/// What may change from one run to the next, and with it every time that is measured.
struct MachineState {
  std::string governor;        ///< "performance"; several, joined by ", ", where processors differ
  std::optional<bool> turbo;   ///< whether clock rates above the nominal one are allowed
  std::optional<double> load;  ///< processes that ran or waited, mean of the last minute
  std::vector<int> allowed;    ///< processors that this process may use
  std::optional<double>
      quota;                 ///< processors' worth of time that the control group grants; infinite: no limit
  std::string huge_pages;    ///< transparent ones: "always", "madvise", "never"
  std::string clock_source;  ///< of the kernel: "tsc"
  std::optional<double> free_memory_bytes;   ///< that can be had without swapping
  std::optional<double> memory_limit_bytes;  ///< that the control group grants; infinite: no limit
};

MachineState read_machine_state(const std::string& root = "");

/// Ticks of all processors since the machine started. `stolen` are those in which a virtual machine had work
/// but the host gave its processor to another.
struct CpuTimes {
  double all = 0.0, stolen = 0.0;
};

std::optional<CpuTimes> read_cpu_times(const std::string& root = "");

/// The part of the time between two readings that was stolen; empty when either is, or no time has passed.
std::optional<double> stolen_part(const std::optional<CpuTimes>& before,
                                  const std::optional<CpuTimes>& after);

}  // namespace mlpbench
