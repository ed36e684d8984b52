#include "bench/probes/doctor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace mlpbench {
namespace {

using Kind = Finding::Kind;

const char* const kOftenVirtual = "Usual in virtual machines and containers; ask whoever runs the host.";

Finding build_type(const SystemReport& system) {
  const std::string& type = system.build_type;
  if (type == "Release" || type == "RelWithDebInfo") return {Kind::fine, "build", type, ""};
  return {Kind::mend, "build", type,
          "Measure an optimised build: cmake --preset release && cmake --build --preset release."};
}

Finding blas(const SystemReport& system) {
  if (system.blas_shortfall.empty()) {
    return {Kind::fine, "OpenBLAS", "kernels for the best instruction set, or not built", ""};
  }
  return {
      Kind::mend, "OpenBLAS", system.blas_shortfall,
      "Unset OPENBLAS_CORETYPE, or install an OpenBLAS that knows this CPU: the rows blas and armadillo are "
      "too slow."};
}

Finding instructions(const SystemReport& system) {
  if (system.hidden_isa.empty()) return {Kind::fine, "instructions", "none is hidden", ""};
  return {Kind::mend, "instructions", "MLPBENCH_MAX_ISA=" + system.hidden_isa, "Unset MLPBENCH_MAX_ISA."};
}

Finding governor(const SystemReport& system) {
  const std::string& name = system.state.governor;
  if (name == "unknown") return {Kind::unknown, "governor", name, kOftenVirtual};
  if (name == "performance") return {Kind::fine, "governor", name, ""};
  return {Kind::mend, "governor", name,
          "The clock follows the load. As root: cpupower frequency-set --governor performance."};
}

Finding turbo(const SystemReport& system) {
  if (!system.state.turbo) return {Kind::unknown, "turbo", "unknown", kOftenVirtual};
  if (!*system.state.turbo) return {Kind::fine, "turbo", "off", ""};
  return {
      Kind::mend, "turbo", "on",
      "The clock falls as the CPU warms up. As root: echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo, "
      "or echo 0 > /sys/devices/system/cpu/cpufreq/boost. If it stays on, trust only ratios of one run."};
}

Finding load(const SystemReport& system) {
  if (!system.state.load) return {Kind::unknown, "load", "unknown", "Look at top before measuring."};
  const double load = *system.state.load;
  const std::size_t threads = system.hardware.threads.value_or(system.state.allowed.size());
  const std::string found = fmt::format("{:.2f} in the last minute", load);
  // One CPU's worth of other work can be borne where there are others; one tenth of them cannot.
  const double bearable = std::max(0.25, 0.1 * static_cast<double>(threads));
  if (load <= bearable) return {Kind::fine, "load", found, ""};
  return {Kind::mend, "load", found, "End other work, or wait for it: top shows what runs."};
}

Finding steal(const SystemReport& system) {
  if (!system.stolen) {
    return {Kind::unknown, "steal", "unknown", "If this is a virtual machine, compare only within one run."};
  }
  const std::string found = fmt::format("{:.1f} % of the time went to other guests", 100.0 * *system.stolen);
  if (*system.stolen < 0.005) return {Kind::fine, "steal", found, ""};
  return {Kind::mend, "steal", found,
          "The host is overcommitted. Take a dedicated machine, or more rounds (mlpbench run --rounds 40)."};
}

Finding quota(const SystemReport& system) {
  const std::optional<double>& quota = system.state.quota;
  if (!quota) return {Kind::unknown, "quota", "unknown", "If this is a container, see its CPU limit."};
  if (std::isinf(*quota)) return {Kind::fine, "quota", "none", ""};
  const std::string found = fmt::format("{:.3g} processors' worth of time", *quota);
  if (*quota >= static_cast<double>(std::max<std::size_t>(1, system.state.allowed.size()))) {
    return {Kind::fine, "quota", found, ""};
  }
  return {Kind::mend, "quota", found,
          "The group is stopped for the rest of each period once it is used up. Raise cpu.max (Docker: "
          "--cpus), or "
          "use --cpuset-cpus instead."};
}

Finding hypervisor(const SystemReport& system) {
  const std::string& name = system.hardware.hypervisor;
  if (name == "unknown") return {Kind::unknown, "hypervisor", name, "Compare only within one run."};
  if (name == "none") return {Kind::fine, "hypervisor", name, ""};
  return {Kind::mend, "hypervisor", name,
          "Neighbours share caches, bandwidth and clock. Compare only within one run, or on bare metal."};
}

/// "taskset -c 0,2": one thread of each core, of those that may be used.
std::string pinning(const SystemReport& system) {
  std::vector<int> cpus;
  for (const int cpu : system.hardware.one_thread_of_each_core) {
    const std::vector<int>& allowed = system.state.allowed;
    if (allowed.empty() || std::find(allowed.begin(), allowed.end(), cpu) != allowed.end())
      cpus.push_back(cpu);
  }
  return fmt::format("taskset -c {}", fmt::join(cpus, ","));
}

Finding smt(const SystemReport& system) {
  const Hardware& hardware = system.hardware;
  if (!hardware.threads || !hardware.cores) return {Kind::unknown, "SMT", "unknown", kOftenVirtual};
  const std::string found = fmt::format("{} threads on {} cores", *hardware.threads, *hardware.cores);
  const bool shared = std::any_of(system.state.allowed.begin(), system.state.allowed.end(), [&](int cpu) {
    const std::vector<int>& first = hardware.one_thread_of_each_core;
    return std::find(first.begin(), first.end(), cpu) == first.end();
  });
  if (!shared) return {Kind::fine, "SMT", found, ""};
  return {Kind::mend, "SMT", found,
          fmt::format("Two threads of a core share its units. Use one of each: {} mlpbench run.",
                      pinning(system))};
}

Finding clock_source(const SystemReport& system) {
  const std::string& name = system.state.clock_source;
  if (name == "unknown") return {Kind::unknown, "clock", name, "The record has what a reading costs."};
  if (name == "tsc" || name == "arch_sys_counter" || name == "kvm-clock")
    return {Kind::fine, "clock", name, ""};
  return {Kind::mend, "clock", name,
          "Reading it is slow. As root: echo tsc > "
          "/sys/devices/system/clocksource/clocksource0/current_clocksource, if it is available."};
}

Finding huge_pages(const SystemReport& system) {
  const std::string& mode = system.state.huge_pages;
  if (mode == "unknown") return {Kind::unknown, "huge pages", mode, "Compare only within one run."};
  if (mode != "always") return {Kind::fine, "huge pages", mode, ""};
  return {Kind::mend, "huge pages", mode,
          "Whether a run gets them depends on how fragmented memory is. As root: echo madvise > "
          "/sys/kernel/mm/transparent_hugepage/enabled."};
}

Finding memory(const SystemReport& system) {
  constexpr double kGibibyte = 1024.0 * 1024.0 * 1024.0;
  if (!system.state.free_memory_bytes) {
    return {Kind::unknown, "memory", "unknown", "mlpbench needs half a gigabyte."};
  }
  const double free = *system.state.free_memory_bytes / kGibibyte;
  const std::string found = fmt::format("{:.1f} GiB free", free);
  if (free >= 1.0) return {Kind::fine, "memory", found, ""};
  return {Kind::mend, "memory", found,
          "Below 1 GiB the system may swap while the clock runs: end other programs."};
}

}  // namespace

std::vector<Finding> examine(const SystemReport& system) {
  return {build_type(system),   blas(system),       instructions(system), governor(system),   turbo(system),
          load(system),         steal(system),      quota(system),        hypervisor(system), smt(system),
          clock_source(system), huge_pages(system), memory(system)};
}

std::string doctor_text(const std::vector<Finding>& findings) {
  std::string text;
  std::size_t to_mend = 0, unknown = 0;
  for (const Finding& finding : findings) {
    const char* word = finding.kind == Kind::fine ? "fine" : finding.kind == Kind::mend ? "mend" : "unknown";
    to_mend += finding.kind == Kind::mend;
    unknown += finding.kind == Kind::unknown;
    text += fmt::format("{:<8} {}: {}{}{}\n", word, finding.what, finding.found,
                        finding.advice.empty() ? "" : ". ", finding.advice);
  }
  return text + fmt::format("{} of {} to mend, {} unknown\n", to_mend, findings.size(), unknown);
}

}  // namespace mlpbench
