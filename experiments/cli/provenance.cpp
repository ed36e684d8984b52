#include "experiments/cli/provenance.h"

#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <CLI/Version.hpp>
#include <fstream>

#include "core/cpu.h"
#include "git_version.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

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

std::string compiler() {
#if defined(__clang__)
  return fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

constexpr std::string_view build_type() {
  constexpr std::string_view type = MLPBENCH_BUILD_TYPE;
  return type.empty() ? "unknown" : type;
}

}  // namespace

ordered_json machine_info() {
  ordered_json machine;
  machine["cpu"] = cpu_model();
  machine["logical_cores"] = ::sysconf(_SC_NPROCESSORS_ONLN);
  machine["cores_allowed"] = cores_allowed();
  machine["isa"] = to_string(best_isa());
  machine["os"] = os_name();
  machine["kernel"] = kernel();
  return machine;
}

ordered_json build_info(const BackendEntry* backend) {
  ordered_json build;
  build["mlpbench"] = MLPBENCH_VERSION;
  build["git_commit"] = MLPBENCH_GIT_COMMIT;
  build["git_dirty"] = MLPBENCH_GIT_DIRTY < 0 ? ordered_json() : ordered_json(MLPBENCH_GIT_DIRTY == 1);
  build["compiler"] = compiler();
  build["build_type"] = build_type();
  if (backend != nullptr) build["backend_flags"] = backend->flags;
  build["libraries"] = {
      {"libc", ::gnu_get_libc_version()},
      {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                    NLOHMANN_JSON_VERSION_PATCH)},
      {"CLI11", CLI11_VERSION},
  };
  for (const BackendEntry& entry : all_backends()) {
    if (entry.library == nullptr) continue;
    const std::string name_and_version = entry.library();
    const std::size_t blank = name_and_version.find(' ');
    build["libraries"][name_and_version.substr(0, blank)] = name_and_version.substr(blank + 1);
  }
  return build;
}

std::string version_line() {
  const std::string_view commit = MLPBENCH_GIT_COMMIT;
  return fmt::format("mlpbench {} (commit {}{}; {}, {})", MLPBENCH_VERSION, commit.substr(0, 12),
                     MLPBENCH_GIT_DIRTY == 1 ? " with changes" : "", compiler(), build_type());
}

}  // namespace mlpbench
