#include "bench/probes/doctor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace mlpbench {
namespace {

using Kind = Finding::Kind;

const char* const kOftenVirtual = "Usual in virtual machines and containers; ask whoever runs the host.";

/// `advice` is given where `found` is not fine, `if_unknown` where it is "unknown".
Finding judged(const char* what, std::string found, bool fine, std::string advice,
               const char* if_unknown = nullptr) {
  if (if_unknown != nullptr && found == "unknown") return {Kind::unknown, what, found, if_unknown};
  return {fine ? Kind::fine : Kind::fix, what, std::move(found), fine ? "" : std::move(advice)};
}

/// `text` of a value, or "unknown".
template <typename Value, typename Text>
std::string text_of(const std::optional<Value>& value, Text text) {
  return value ? text(*value) : "unknown";
}

/// What is measured: never anything to fix. "aarch64, Neoverse-N1, NEON"
Finding processor(const SystemReport& system) {
  const Finding::Kind kind = system.hardware.cpu == "unknown" ? Finding::Kind::unknown : Finding::Kind::fine;
  return {kind, "processor", fmt::format("{}, {}, {}", system.architecture, system.hardware.cpu, system.isa),
          kind == Finding::Kind::fine ? "" : "Name it where results are published."};
}

std::vector<Finding> of_build_and_clock(const SystemReport& system) {
  const std::string &type = system.build_type, &governor = system.state.governor;
  const bool right_blas = system.blas_shortfall.empty(), all_shown = system.hidden_isa.empty(),
             kept = system.flushing.empty();
  const std::string turbo = text_of(system.state.turbo, [](bool on) { return on ? "on" : "off"; });
  return {
      judged("build", type, type == "Release" || type == "RelWithDebInfo",
             "Measure an optimised build: cmake --preset release && cmake --build --preset release."),
      judged("OpenBLAS",
             right_blas ? "kernels for the best instruction set, or not built" : system.blas_shortfall,
             right_blas,
             "Unset OPENBLAS_CORETYPE, or install an OpenBLAS that knows this CPU: the rows blas and "
             "armadillo are too slow."),
      judged("instructions", all_shown ? "none is hidden" : "MLPBENCH_MAX_ISA=" + system.hidden_isa,
             all_shown, "Unset MLPBENCH_MAX_ISA."),
      judged("subnormals",
             kept ? "no library has set a mode" : system.flushing + " set by a library that was opened", kept,
             "Most likely it was linked with -ffast-math. Training sets its own mode (--subnormals), and the "
             "library's own threads and all other arithmetic have this one."),
      judged("governor", governor, governor == "performance",
             "The clock follows the load. As root: cpupower frequency-set --governor performance.",
             kOftenVirtual),
      judged("turbo", turbo, turbo == "off",
             "The clock falls as the CPU warms up. As root: echo 1 > "
             "/sys/devices/system/cpu/intel_pstate/no_turbo, or echo 0 > "
             "/sys/devices/system/cpu/cpufreq/boost. If it stays on, trust only ratios of one run.",
             kOftenVirtual)};
}

std::vector<Finding> of_other_work(const SystemReport& system) {
  const MachineState& state = system.state;
  const std::size_t allowed = state.allowed.size(), threads = system.hardware.threads.value_or(allowed);
  // One CPU's worth of other work can be borne where there are others; one tenth of them cannot.
  const double bearable = std::max(0.25, 0.1 * static_cast<double>(threads));
  const double enough = static_cast<double>(std::max<std::size_t>(1, allowed));
  return {
      judged("load",
             text_of(state.load, [](double l) { return fmt::format("{:.2f} in the last minute", l); }),
             state.load <= bearable, "End other work, or wait for it: top shows what runs.",
             "Look at top before measuring."),
      judged(
          "steal",
          text_of(system.stolen,
                  [](double part) {
                    return fmt::format("{:.1f} % of the time went to other guests", 100.0 * part);
                  }),
          system.stolen < 0.005,
          "The host is overcommitted. Take a dedicated machine, or more rounds (mlpbench run --rounds 40).",
          "If this is a virtual machine, compare only within one run."),
      judged("quota",
             text_of(state.quota,
                     [](double quota) {
                       return std::isinf(quota) ? "none"
                                                : fmt::format("{:.3g} processors' worth of time", quota);
                     }),
             state.quota >= enough,
             "The group is stopped for the rest of each period once it is used up. Raise cpu.max (Docker: "
             "--cpus), or use --cpuset-cpus instead.",
             "If this is a container, see its CPU limit.")};
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

/// A process that may use fewer processors than there are, unless it is one thread of each core.
Finding affinity(const SystemReport& system) {
  const std::vector<int>& allowed = system.state.allowed;
  const std::optional<std::size_t>& threads = system.hardware.threads;
  if (allowed.empty() || !threads) return {Kind::unknown, "affinity", "unknown", kOftenVirtual};
  const bool all = allowed.size() >= *threads;
  const std::string found =
      all ? "all processors"
          : fmt::format("{} of {} processors: {}", allowed.size(), *threads, fmt::join(allowed, ","));
  return judged("affinity", found, all || allowed == system.hardware.one_thread_of_each_core,
                "Threads beyond them share. Where that was not meant: taskset -p, cpuset.cpus (Docker: "
                "--cpuset-cpus).");
}

Finding smt(const SystemReport& system) {
  const Hardware& hardware = system.hardware;
  const std::vector<int>& first = hardware.one_thread_of_each_core;
  const bool shared = std::any_of(system.state.allowed.begin(), system.state.allowed.end(), [&](int cpu) {
    return std::find(first.begin(), first.end(), cpu) == first.end();
  });
  const bool known = hardware.threads && hardware.cores;
  return judged("SMT",
                known ? fmt::format("{} threads on {} cores", *hardware.threads, *hardware.cores) : "unknown",
                !shared,
                fmt::format("Two threads of a core share its units. Use one of each: {} mlpbench run.",
                            pinning(system)),
                kOftenVirtual);
}

constexpr double kGibibyte = 1024.0 * 1024.0 * 1024.0;

/// "5.9 GiB free, and this container may take 2.0 GiB"
std::string memory_text(const MachineState& state) {
  if (!state.free_memory_bytes) return "unknown";
  const std::string free = fmt::format("{:.1f} GiB free", *state.free_memory_bytes / kGibibyte);
  const double limit = state.memory_limit_bytes.value_or(HUGE_VAL);
  return std::isinf(limit)
             ? free
             : fmt::format("{}, and this container may take {:.1f} GiB", free, limit / kGibibyte);
}

std::vector<Finding> of_machine(const SystemReport& system) {
  const MachineState& state = system.state;
  const std::string &hypervisor = system.hardware.hypervisor, &clock = state.clock_source;
  return {
      processor(system),
      judged("hypervisor", hypervisor, hypervisor == "none",
             "Neighbours share caches, bandwidth and clock. Compare only within one run, or on bare metal.",
             "Compare only within one run."),
      affinity(system),
      smt(system),
      judged("clock", clock, clock == "tsc" || clock == "arch_sys_counter" || clock == "kvm-clock",
             "Reading it is slow. As root: echo tsc > "
             "/sys/devices/system/clocksource/clocksource0/current_clocksource, if it is available.",
             "The record has what a reading costs."),
      judged("huge pages", state.huge_pages, state.huge_pages != "always",
             "Whether a run gets them depends on how fragmented memory is. As root: echo madvise > "
             "/sys/kernel/mm/transparent_hugepage/enabled.",
             "Compare only within one run."),
      judged(
          "memory", memory_text(state),
          state.free_memory_bytes >= kGibibyte && state.memory_limit_bytes.value_or(kGibibyte) >= kGibibyte,
          "Below 1 GiB the system may swap while the clock runs: end other programs, or raise the limit of "
          "the container (memory.max; Docker: --memory).",
          "mlpbench needs half a gigabyte.")};
}

}  // namespace

std::vector<Finding> examine(const SystemReport& system) {
  std::vector<Finding> all;
  for (const auto of : {of_build_and_clock, of_other_work, of_machine}) {
    for (Finding& finding : of(system)) all.push_back(std::move(finding));
  }
  return all;
}

std::string doctor_text(const std::vector<Finding>& findings) {
  std::string text;
  std::size_t to_fix = 0, unknown = 0;
  for (const Finding& finding : findings) {
    const char* word = finding.kind == Kind::fine ? "fine" : finding.kind == Kind::fix ? "fix" : "unknown";
    to_fix += finding.kind == Kind::fix;
    unknown += finding.kind == Kind::unknown;
    text += fmt::format("{:<8} {}: {}{}{}\n", word, finding.what, finding.found,
                        finding.advice.empty() ? "" : ". ", finding.advice);
  }
  return text + fmt::format("{} of {} to fix, {} unknown\n", to_fix, findings.size(), unknown);
}

}  // namespace mlpbench
