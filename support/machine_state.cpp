#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

#include "support/kernel_files.h"
#include "support/machine.h"
#include "support/text.h"

namespace mlpbench {
namespace {

std::string read_governor(const std::string& root, const std::vector<int>& cpus) {
  std::vector<std::string> names;
  for (const int cpu : cpus) {
    const std::string name =
        first_line(root + kCpuFolder + "cpu" + std::to_string(cpu) + "/cpufreq/scaling_governor");
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return listed(names, {}, "unknown");
}

std::optional<bool> read_turbo(const std::string& root) {
  if (const std::string off = first_line(root + kCpuFolder + "intel_pstate/no_turbo"); !off.empty()) {
    return off == "0";
  }
  if (const std::string on = first_line(root + kCpuFolder + "cpufreq/boost"); !on.empty()) return on == "1";
  return std::nullopt;
}

/// "always [madvise] never" is "madvise".
std::string chosen(const std::string& choices) {
  const std::size_t open = choices.find('['), close = choices.find(']');
  if (open == std::string::npos || close == std::string::npos || close < open) return "unknown";
  return choices.substr(open + 1, close - open - 1);
}

/// The limit that one folder of version 2 states; infinite for "max", empty without the file.
std::optional<double> quota_v2(const std::string& folder) {
  std::istringstream line(first_line(folder + "/cpu.max"));
  std::string quota;
  double period = 0.0;
  if (!(line >> quota >> period) || !(period > 0.0)) return std::nullopt;
  if (quota == "max") return std::numeric_limits<double>::infinity();
  const std::optional<double> microseconds = leading_number(quota);
  return microseconds ? std::optional(*microseconds / period) : std::nullopt;
}

std::optional<double> quota_v1(const std::string& folder) {
  const std::optional<double> quota = leading_number(first_line(folder + "/cpu.cfs_quota_us"));
  const std::optional<double> period = leading_number(first_line(folder + "/cpu.cfs_period_us"));
  if (!quota || !period || !(*period > 0.0)) return std::nullopt;
  return *quota < 0.0 ? std::numeric_limits<double>::infinity() : *quota / *period;
}

/// Bytes; infinite for "max", empty without the file.
std::optional<double> memory_v2(const std::string& folder) {
  const std::string most = first_line(folder + "/memory.max");
  return most == "max" ? std::numeric_limits<double>::infinity() : leading_number(most);
}

std::optional<double> memory_v1(const std::string& folder) {
  constexpr double kNone = 0x1p62;  // no limit is the largest multiple of a page below 2^63
  const std::optional<double> most = leading_number(first_line(folder + "/memory.limit_in_bytes"));
  return most && *most >= kNone ? std::numeric_limits<double>::infinity() : most;
}

/// The tightest limit of a group and of those that it lies in. A container may show its group as "/".
template <typename Read>
std::optional<double> tightest(const std::string& mount, std::string group, Read read) {
  std::optional<double> least;
  for (;;) {
    const std::optional<double> quota = read(mount + group);
    if (quota && (!least || *quota < *least)) least = quota;
    if (group.empty()) return least;
    group.erase(group.rfind('/'));
  }
}

/// /proc/self/cgroup has lines "0::/path" (version 2) and "4:cpu,cpuacct:/path" (version 1, with the name of
/// `controller` among them).
template <typename ReadV2, typename ReadV1>
std::optional<double> read_group_limit(const std::string& root, const std::string& controller, ReadV2 of_v2,
                                       ReadV1 of_v1) {
  std::ifstream file(root + "/proc/self/cgroup");
  std::optional<double> least;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    std::string group = line.substr(second + 1);
    if (!group.starts_with('/') || group == "/") group.clear();
    const std::string mount = root + "/sys/fs/cgroup";
    std::optional<double> limit;
    if (controllers.empty()) {
      limit = tightest(mount, group, of_v2);
    } else if (("," + controllers + ",").find("," + controller + ",") != std::string::npos) {
      limit = tightest(mount + "/" + controllers, group, of_v1);
      if (!limit) limit = tightest(mount + "/" + controller, group, of_v1);
    }
    if (limit && (!least || *limit < *least)) least = limit;
  }
  return least;
}

}  // namespace

MachineState read_machine_state(const std::string& root) {
  MachineState state;
  state.allowed = parse_cpu_list(value_of(root + "/proc/self/status", "Cpus_allowed_list"));
  state.governor = read_governor(root, parse_cpu_list(first_line(root + kCpuFolder + "online")));
  state.turbo = read_turbo(root);
  state.load = leading_number(first_line(root + "/proc/loadavg"));
  state.quota = read_group_limit(root, "cpu", quota_v2, quota_v1);
  state.memory_limit_bytes = read_group_limit(root, "memory", memory_v2, memory_v1);
  state.huge_pages = chosen(first_line(root + "/sys/kernel/mm/transparent_hugepage/enabled"));
  state.clock_source =
      or_unknown(first_line(root + "/sys/devices/system/clocksource/clocksource0/current_clocksource"));
  const std::optional<double> free = leading_number(value_of(root + "/proc/meminfo", "MemAvailable"));
  if (free) state.free_memory_bytes = *free * 1024.0;
  return state;
}

std::optional<CpuTimes> read_cpu_times(const std::string& root) {
  // "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guest time is in user and nice.
  constexpr int kFields = 8, kSteal = 7;
  std::istringstream line(first_line(root + "/proc/stat"));
  std::string name;
  line >> name;
  if (name != "cpu") return std::nullopt;
  CpuTimes times;
  for (int field = 0; field < kFields; ++field) {
    double ticks = 0.0;
    if (!(line >> ticks)) return std::nullopt;
    times.all += ticks;
    if (field == kSteal) times.stolen = ticks;
  }
  return times;
}

std::optional<double> stolen_part(const std::optional<CpuTimes>& before,
                                  const std::optional<CpuTimes>& after) {
  if (!before || !after || !(after->all > before->all)) return std::nullopt;
  return std::clamp((after->stolen - before->stolen) / (after->all - before->all), 0.0, 1.0);
}

}  // namespace mlpbench
