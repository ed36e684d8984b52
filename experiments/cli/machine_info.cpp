#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fstream>

#include "experiments/cli/provenance.h"
#include "support/cpu.h"
#include "support/machine.h"
#include "support/subnormals.h"

namespace mlpbench {
namespace {

using Clock = std::chrono::steady_clock;

/// When the program began: what is stolen from then on is stolen from its result.
const std::optional<CpuTimes> kTimesAtStart = read_cpu_times();

/// PRETTY_NAME of os-release(5), or "unknown".
std::string os_name() {
  std::ifstream file("/etc/os-release");
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view kKey = "PRETTY_NAME=";
    if (!line.starts_with(kKey)) continue;
    std::string name = line.substr(kKey.size());
    std::erase(name, '"');
    return name;
  }
  return "unknown";
}

/// "Linux 6.1.0": what uname says, but for the name of the host.
std::string kernel() {
  utsname info{};
  return ::uname(&info) == 0 ? fmt::format("{} {}", info.sysname, info.release) : "unknown";
}

Count cores_allowed() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof(set), &set) == 0 ? Count(CPU_COUNT(&set)) : Count();
}

template <typename V>
Count count_of(const std::optional<V>& value) {
  return value ? Count(*value) : Count();
}

/// "L1 data": {"bytes": 32768, "shared_by": "0-1"}
Named<CacheFacts> caches_of(const Hardware& hardware) {
  Named<CacheFacts> caches;
  for (const CacheInfo& cache : hardware.caches) {
    const std::string kind = cache.type == "Unified"       ? ""
                             : cache.type == "Data"        ? " data"
                             : cache.type == "Instruction" ? " code"
                                                           : " ?";
    caches.push_back({fmt::format("L{}{}", cache.level, kind), {cache.bytes, cache.shared_by}});
  }
  return caches;
}

/// The smallest seconds of one reading in a few short series: what a reading costs when nothing disturbs it.
double seconds_of_reading() {
  constexpr int kSeries = 7, kReadings = 500;
  double least = INFINITY;
  for (int series = 0; series < kSeries; ++series) {
    const Clock::time_point start = Clock::now();
    Clock::time_point last = start;
    for (int i = 0; i < kReadings; ++i) last = Clock::now();
    least = std::min(least, std::chrono::duration<double>(last - start).count() / kReadings);
  }
  return least;
}

}  // namespace

MachineFacts machine_facts() {
  static const Hardware hardware = read_hardware();
  const MachineState state = read_machine_state();
  MachineFacts machine;
  machine.architecture = architecture();
  machine.cpu = hardware.cpu;
  machine.microcode = hardware.microcode;
  machine.sockets = count_of(hardware.sockets);
  machine.physical_cores = count_of(hardware.cores);
  machine.logical_cores = ::sysconf(_SC_NPROCESSORS_ONLN);
  machine.cores_allowed = cores_allowed();
  machine.affinity = state.allowed;
  machine.cgroup_quota.value = state.quota.value_or(kUnknown);
  machine.isa = to_string(best_isa());
  machine.caches = caches_of(hardware);
  machine.memory_bytes = count_of(hardware.memory_bytes);
  machine.hypervisor = hardware.hypervisor;
  machine.governor = state.governor;
  machine.turbo = state.turbo;
  machine.transparent_huge_pages = state.huge_pages;
  machine.load = state.load.value_or(kUnknown);
  machine.stolen = stolen_part(kTimesAtStart, read_cpu_times()).value_or(kUnknown);
  machine.os = os_name();
  machine.kernel = kernel();
  return machine;
}

MeasurementFacts measurement_facts() {
  static const double reading = seconds_of_reading();
  static const std::string source = read_machine_state().clock_source;
  return {"std::chrono::steady_clock",
          source,
          static_cast<double>(Clock::period::num) / Clock::period::den,
          reading,
          "the epochs: steps, and for mini-batches drawing the order and gathering the samples",
          "reading, casting and laying out data; initial weights; planning memory; evaluation; progress",
          flushing_bits()};
}

}  // namespace mlpbench
