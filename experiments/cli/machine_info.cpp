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

namespace mlpbench {
namespace {

using nlohmann::ordered_json;
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

ordered_json cores_allowed() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof(set), &set) == 0 ? ordered_json(CPU_COUNT(&set)) : ordered_json();
}

template <typename V>
ordered_json or_null(const std::optional<V>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

/// "L1 data": {"bytes": 32768, "shared_by": "0-1"}
ordered_json caches_of(const Hardware& hardware) {
  ordered_json caches = ordered_json::object();
  for (const CacheInfo& cache : hardware.caches) {
    const std::string kind = cache.type == "Unified"       ? ""
                             : cache.type == "Data"        ? " data"
                             : cache.type == "Instruction" ? " code"
                                                           : " ?";
    caches[fmt::format("L{}{}", cache.level, kind)] = {{"bytes", cache.bytes},
                                                       {"shared_by", cache.shared_by}};
  }
  return caches;
}

/// null: not known; false: no limit; else the processors' worth of time.
ordered_json quota_of(const MachineState& state) {
  if (!state.quota) return nullptr;
  return std::isinf(*state.quota) ? ordered_json(false) : ordered_json(*state.quota);
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

ordered_json machine_info() {
  static const Hardware hardware = read_hardware();
  const MachineState state = read_machine_state();
  ordered_json machine;
  machine["cpu"] = hardware.cpu;
  machine["microcode"] = hardware.microcode;
  machine["sockets"] = or_null(hardware.sockets);
  machine["physical_cores"] = or_null(hardware.cores);
  machine["logical_cores"] = ::sysconf(_SC_NPROCESSORS_ONLN);
  machine["cores_allowed"] = cores_allowed();
  machine["affinity"] = state.allowed;
  machine["cgroup_quota"] = quota_of(state);
  machine["isa"] = to_string(best_isa());
  machine["caches"] = caches_of(hardware);
  machine["memory_bytes"] = hardware.memory_bytes
                                ? ordered_json(static_cast<std::uint64_t>(*hardware.memory_bytes))
                                : ordered_json();
  machine["hypervisor"] = hardware.hypervisor;
  machine["governor"] = state.governor;
  machine["turbo"] = or_null(state.turbo);
  machine["transparent_huge_pages"] = state.huge_pages;
  machine["load"] = or_null(state.load);
  machine["stolen"] = or_null(stolen_part(kTimesAtStart, read_cpu_times()));
  machine["os"] = os_name();
  machine["kernel"] = kernel();
  return machine;
}

ordered_json measurement_info() {
  static const double reading = seconds_of_reading();
  static const std::string source = read_machine_state().clock_source;
  return {{"clock", "std::chrono::steady_clock"},
          {"clock_source", source},
          {"clock_tick_seconds", static_cast<double>(Clock::period::num) / Clock::period::den},
          {"clock_reading_seconds", reading},
          {"timed", "the epochs: steps, and for mini-batches drawing the order and gathering the samples"},
          {"not_timed",
           "reading, casting and laying out data; initial weights; planning memory; evaluation; progress"}};
}

}  // namespace mlpbench
