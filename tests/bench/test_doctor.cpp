#include <cmath>
#include <map>

#include "bench/probes/doctor.h"
#include "support/subnormals.h"
#include "tests/bench/machine_files.h"
#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench;
using mlpbench::test::MachineFiles;

namespace {

/// The findings of a machine by their names.
std::map<std::string, Finding> findings_of(const SystemReport& system) {
  std::map<std::string, Finding> findings;
  for (const Finding& finding : examine(system)) findings[finding.what] = finding;
  return findings;
}

SystemReport patient_of(const MachineFiles& files) {
  SystemReport system;
  system.hardware = read_hardware(files.root());
  system.state = read_machine_state(files.root());
  system.stolen = 0.0;
  system.build_type = "Release";
  system.architecture = "aarch64";
  system.isa = "NEON";
  return system;
}

}  // namespace

TEST_CASE("doctor: a machine that is kept for measuring needs nothing", "[doctor]") {
  const MachineFiles files;
  const std::vector<Finding> findings = examine(patient_of(files));
  for (const Finding& finding : findings) {
    INFO(finding.what << ": " << finding.found);
    CHECK(finding.kind == Finding::Kind::fine);
    CHECK(finding.advice.empty());
  }
  CHECK(doctor_text(findings).ends_with("0 of 16 to fix, 0 unknown\n"));
  CHECK(findings_of(patient_of(files)).at("processor").found == "aarch64, A processor, NEON");
}

TEST_CASE("doctor: each thing that spoils measurements is found alone, with advice", "[doctor]") {
  const auto only = [](const std::string& what, const MachineFiles& files, auto change) {
    SystemReport system = patient_of(files);
    change(system);
    for (const auto& [name, finding] : findings_of(system)) {
      INFO(name << ": " << finding.found << ", while " << what << " was spoiled");
      CHECK((finding.kind == Finding::Kind::fix) == (name == what));
      CHECK(finding.advice.empty() == (name != what));
    }
    return findings_of(system).at(what);
  };
  const auto file = [&](const std::string& what, const std::string& path, const std::string& content) {
    const MachineFiles files;
    files.write(path, content);
    return only(what, files, [](SystemReport&) {}).found;
  };
  const std::string cpus = "sys/devices/system/cpu/";
  CHECK(file("governor", cpus + "cpu1/cpufreq/scaling_governor", "powersave\n") == "performance, powersave");
  CHECK(file("turbo", cpus + "intel_pstate/no_turbo", "0\n") == "on");
  CHECK(file("load", "proc/loadavg", "3.25 1.00 0.50 1/100 4242\n") == "3.25 in the last minute");
  CHECK(file("quota", "sys/fs/cgroup/cpu.max", "150000 100000\n") == "1.5 processors' worth of time");
  CHECK(file("hypervisor", "sys/hypervisor/type", "xen\n") == "xen");
  CHECK(file("clock", "sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n") == "hpet");
  CHECK(file("huge pages", "sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n") ==
        "always");
  CHECK(file("affinity", "proc/self/status", "Cpus_allowed_list:\t1\n") == "1 of 2 processors: 1");
  CHECK(file("memory", "proc/meminfo", "MemTotal: 8000000 kB\nMemAvailable: 524288 kB\n") == "0.5 GiB free");
  CHECK(file("memory", "sys/fs/cgroup/memory.max", "536870912\n") ==
        "8.0 GiB free, and this container may take 0.5 GiB");

  const MachineFiles files;
  CHECK(only("steal", files, [](SystemReport& p) { p.stolen = 0.042; }).found ==
        "4.2 % of the time went to other guests");
  CHECK(only("build", files, [](SystemReport& p) { p.build_type = "Debug"; }).found == "Debug");
  only("OpenBLAS", files, [](SystemReport& p) { p.blas_shortfall = "OpenBLAS Prescott (baseline x86-64)"; });
  only("instructions", files, [](SystemReport& p) { p.hidden_isa = "avx2"; });
  CHECK(only("subnormals", files, [](SystemReport& p) { p.flushing = "FTZ and DAZ"; }).found ==
        "FTZ and DAZ set by a library that was opened");

  const MachineFiles siblings;
  for (const char* cpu : {"cpu0", "cpu1"}) {
    siblings.write(cpus + cpu + "/topology/thread_siblings_list", "0-1\n");
  }
  const Finding smt = only("SMT", siblings, [](SystemReport&) {});
  CHECK(smt.found == "2 threads on 1 cores");
  CHECK(smt.advice.find("taskset -c 0 mlpbench") != std::string::npos);
  // Who follows the advice has nothing left to fix.
  siblings.write("proc/self/status", "Cpus_allowed_list:\t0\n");
  for (const Finding& finding : examine(patient_of(siblings))) CHECK(finding.kind == Finding::Kind::fine);
}

TEST_CASE("doctor: without the files nothing is claimed", "[doctor]") {
  const test::TemporaryFolder empty;
  SystemReport system;
  system.hardware = read_hardware(empty.path());
  system.state = read_machine_state(empty.path());
  system.build_type = "Release";
  for (const auto& [name, finding] : findings_of(system)) {
    INFO(name);
    const bool about_us =
        name == "build" || name == "OpenBLAS" || name == "instructions" || name == "subnormals";
    CHECK((finding.kind == Finding::Kind::unknown) == !about_us);
    CHECK(finding.advice.empty() == about_us);
  }
}

TEST_CASE("doctor: the program prints plain lines for all findings", "[doctor]") {
  const test::Finished finished =
      test::run("mlpbench", {"doctor"}, {.environment = {{"MLPBENCH_MAX_ISA", "baseline"}}});
  INFO(finished.err);
  CHECK(finished.exit_code == 0);
  CHECK(finished.err.empty());
  CHECK(std::count(finished.out.begin(), finished.out.end(), '\n') == 17);
  CHECK(finished.out.find("fix      instructions: MLPBENCH_MAX_ISA=baseline") != std::string::npos);
  CHECK(finished.out.find("fine     subnormals: no library has set a mode\n") != std::string::npos);
  CHECK(finished.out.find('\x1b') == std::string::npos);
}

TEST_CASE("doctor: the mode of subnormals that a library left behind is named", "[doctor]") {
  const test::Finished finished =
      test::run("mlpbench", {"doctor", "--backend-plugin", MLPBENCH_FLUSHING_PLUGIN});
  INFO(finished.err);
  CHECK(finished.exit_code == 0);
  const SubnormalsScope scope(Subnormals::flush);
  const std::string line = "fix      subnormals: " + flushing_bits() + " set by a library that was opened. ";
  CHECK(finished.out.find(line) != std::string::npos);
}
