#pragma once

#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

namespace mlpbench::test {

/// The files of /proc and /sys of a machine with two cores that is kept for measuring.
class MachineFiles {
 public:
  MachineFiles() {
    write("proc/cpuinfo",
          "processor\t: 0\nmodel name\t: A processor\nmicrocode\t: 0x2a\nflags\t\t: fpu avx2 "
          "fma\n\nprocessor\t: 1\n"
          "model name\t: Another\n");
    write("proc/loadavg", "0.01 0.10 0.20 1/100 4242\n");
    write("proc/stat", "cpu  100 0 50 800 10 0 0 40 7 0\ncpu0 1 2 3\n");
    write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree: 1 kB\nMemAvailable:   8388608 kB\n");
    write("proc/self/status", "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n");
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/cpu.max", "max 100000\n");
    write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    write("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    const std::string cpus = "sys/devices/system/cpu/";
    write(cpus + "online", "0-1\n");
    write(cpus + "intel_pstate/no_turbo", "1\n");
    for (const std::string cpu : {"0", "1"}) {
      write(cpus + "cpu" + cpu + "/cpufreq/scaling_governor", "performance\n");
      write(cpus + "cpu" + cpu + "/topology/thread_siblings_list", cpu + "\n");
      write(cpus + "cpu" + cpu + "/topology/physical_package_id", "0\n");
    }
    cache("0", "1", "Data", "32K", "0");
    cache("1", "1", "Instruction", "64K", "0");
    cache("2", "2", "Unified", "1M", "0");
    cache("3", "3", "Unified", "33554432", "0-1");
  }

  /// Writes or replaces a file below the root.
  void write(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories(std::filesystem::path(folder_.file(path)).parent_path());
    folder_.write(path, content);
  }

  std::string root() const { return folder_.path(); }

 private:
  void cache(const std::string& index, const std::string& level, const std::string& type,
             const std::string& size, const std::string& shared_by) const {
    const std::string folder = "sys/devices/system/cpu/cpu0/cache/index" + index + "/";
    write(folder + "level", level + "\n");
    write(folder + "type", type + "\n");
    write(folder + "size", size + "\n");
    write(folder + "shared_cpu_list", shared_by + "\n");
  }

  TemporaryFolder folder_;
};

}  // namespace mlpbench::test
