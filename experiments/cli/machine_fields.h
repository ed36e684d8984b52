// What a record says of the machine, of how time is measured, and of the build, field by field.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/fields.h"

namespace mlpbench {

struct CacheFacts {
  Count bytes;
  std::string shared_by;

  static void fields(auto& self, auto&& visit) {
    visit("bytes", self.bytes, "its size");
    visit("shared_by", self.shared_by, "the logical processors that have it in common: \"0-1\"");
  }
};

/// The machine, without anything that names its owner, its users or the host.
struct MachineFacts {
  std::string architecture, cpu, microcode;
  Count sockets, physical_cores, logical_cores, cores_allowed;
  std::vector<int> affinity;
  Limit cgroup_quota;
  std::string isa;
  Named<CacheFacts> caches;
  Count memory_bytes;
  std::string hypervisor, governor;
  std::optional<bool> turbo;
  std::string transparent_huge_pages;
  double load = kUnknown, stolen = kUnknown;
  std::string os, kernel;

  static void fields(auto& self, auto&& visit) {
    visit("architecture", self.architecture, "of the processor, as `uname -m` names it", Presence::added);
    visit("cpu", self.cpu, "model of the processor; on ARM its core");
    visit("microcode", self.microcode, "its revision");
    visit("sockets", self.sockets, "of the machine");
    visit("physical_cores", self.physical_cores, "of the machine");
    visit("logical_cores", self.logical_cores, "of the machine");
    visit("cores_allowed", self.cores_allowed, "logical cores that the process could use");
    visit("affinity", self.affinity, "their numbers");
    visit("cgroup_quota", self.cgroup_quota, "processors' worth of time; false: no limit");
    visit("isa", self.isa, "best instruction set of the processor that the suite has code for");
    visit("caches", self.caches, "of the first processor, by name: \"L1 data\"");
    visit("memory_bytes", self.memory_bytes, "size of the main memory");
    visit("hypervisor", self.hypervisor, "its name; \"none\"; \"yes\" where it has no name");
    visit("governor", self.governor, "of the clock rate");
    visit("turbo", self.turbo, "whether clock rates above the nominal one are allowed");
    visit("transparent_huge_pages", self.transparent_huge_pages, "always, madvise or never");
    visit("load", self.load, "processes that ran or waited, mean of the last minute");
    visit("stolen", self.stolen, "part of the processors' time that the host gave to others during the run");
    visit("os", self.os, "the system's own name");
    visit("kernel", self.kernel, "name and release");
  }
};

/// How time is measured.
struct MeasurementFacts {
  std::string clock, clock_source;
  double clock_tick_seconds = kUnknown, clock_reading_seconds = kUnknown;
  std::string timed, not_timed, flushing;

  static void fields(auto& self, auto&& visit) {
    visit("clock", self.clock, "the clock that is read");
    visit("clock_source", self.clock_source, "of the kernel: \"tsc\"");
    visit("clock_tick_seconds", self.clock_tick_seconds, "its unit, seconds");
    visit("clock_reading_seconds", self.clock_reading_seconds, "what a reading costs, seconds");
    visit("timed", self.timed, "what is inside of the timed region");
    visit("not_timed", self.not_timed, "what is not");
    visit("flushing", self.flushing,
          "control bits by which other code than the suite's makes subnormals zeros: \"FTZ and DAZ\"");
  }
};

struct BuildFacts {
  std::string mlpbench, git_commit, git_commit_date;
  std::optional<bool> git_dirty;
  std::string compiler, build_type;
  std::optional<std::string> backend_flags;
  Named<std::string> flags, libraries;

  static void fields(auto& self, auto&& visit) {
    visit("mlpbench", self.mlpbench, "version");
    visit("git_commit", self.git_commit, "as of the last build; \"unknown\" without git");
    visit("git_commit_date", self.git_commit_date, "of the commit, UTC, ISO 8601; \"unknown\" without git",
          Presence::added);
    visit("git_dirty", self.git_dirty, "whether the tree had changes");
    visit("compiler", self.compiler, "name and version");
    visit("build_type", self.build_type, "Debug, Release or RelWithDebInfo");
    visit("backend_flags", self.backend_flags, "compiler flags of the inner loops, of one backend");
    visit("flags", self.flags, "compiler flags of the inner loops of all backends, by name");
    visit("libraries", self.libraries, "versions by name");
  }
};

}  // namespace mlpbench
