#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>

#include "core/data/dataset.h"
#include "experiments/cli/provenance.h"
#include "support/digest.h"
#include "support/kernel_files.h"
#include "support/machine.h"
#include "support/memory.h"
#include "tests/bench/machine_files.h"
#include "tests/catch.h"

using namespace mlpbench;
using mlpbench::test::MachineFiles;

TEST_CASE("machine: the kernel's files are read") {
  const MachineFiles files;
  const Hardware hardware = read_hardware(files.root());
  CHECK(hardware.cpu == "A processor");
  CHECK(hardware.microcode == "0x2a");
  CHECK(hardware.hypervisor == "none");
  CHECK(hardware.sockets == 1U);
  CHECK(hardware.cores == 2U);
  CHECK(hardware.threads == 2U);
  CHECK(hardware.memory_bytes == 16384000000.0);
  REQUIRE(hardware.caches.size() == 4);
  CHECK(hardware.caches[1].type == "Instruction");
  CHECK(hardware.caches[2].bytes == 1U << 20);
  CHECK(hardware.caches[3].bytes == 32U << 20);
  CHECK(hardware.caches[3].level == 3);
  CHECK(hardware.caches[3].shared_by == "0-1");

  const MachineState state = read_machine_state(files.root());
  CHECK(state.governor == "performance");
  CHECK(state.turbo == false);
  CHECK(state.load == 0.01);
  CHECK(state.allowed == std::vector<int>{0, 1});
  CHECK(state.quota == INFINITY);
  CHECK(state.huge_pages == "madvise");
  CHECK(state.clock_source == "tsc");
  CHECK(state.free_memory_bytes == 8388608.0 * 1024.0);
}

TEST_CASE("machine: an ARM core is named by the numbers that its kernel prints") {
  const MachineFiles files;
  const auto core = [&](const char* implementer, const char* part) {
    files.write("proc/cpuinfo", std::string("processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd\n") +
                                    "CPU implementer\t: " + implementer + "\nCPU architecture: 8\n" +
                                    "CPU variant\t: 0x3\nCPU part\t: " + part + "\n");
    return read_hardware(files.root()).cpu;
  };
  CHECK(core("0x41", "0xd0c") == "Neoverse-N1");
  CHECK(core("0x41", "0xd40") == "Neoverse-V1");
  CHECK(core("0xc0", "0xac3") == "Ampere-1");
  CHECK(core("0x41", "0xfff") == "implementer 0x41, part 0xfff");
  CHECK(read_hardware(files.root()).hypervisor == "unknown");  // its kernel does not say
}

TEST_CASE("machine: the tightest quota of a group and its parents counts, in both versions") {
  const MachineFiles two;
  two.write("proc/self/cgroup", "0::/jobs/one\n");
  two.write("sys/fs/cgroup/jobs/cpu.max", "50000 100000\n");
  two.write("sys/fs/cgroup/jobs/one/cpu.max", "200000 100000\n");
  CHECK(read_machine_state(two.root()).quota == 0.5);
  const MachineFiles one;
  one.write("proc/self/cgroup", "9:name=systemd:/\n4:cpu,cpuacct:/box\n0::/\n");
  one.write("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "-1\n");
  one.write("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
  CHECK(read_machine_state(one.root()).quota == INFINITY);
  one.write("sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "250000\n");
  CHECK(read_machine_state(one.root()).quota == 2.5);
}

TEST_CASE("machine: the tightest limit of memory of a group and its parents counts, in both versions") {
  const MachineFiles two;
  CHECK_FALSE(read_machine_state(two.root()).memory_limit_bytes);
  two.write("proc/self/cgroup", "0::/jobs/one\n");
  two.write("sys/fs/cgroup/jobs/memory.max", "1073741824\n");
  two.write("sys/fs/cgroup/jobs/one/memory.max", "max\n");
  CHECK(read_machine_state(two.root()).memory_limit_bytes == 0x1p30);
  CHECK(memory_limit(two.root()).limit == "its control group is limited to 1.07 GB");
  const MachineFiles one;
  one.write("proc/self/cgroup", "9:memory:/box\n4:cpu,cpuacct:/box\n");
  one.write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
  CHECK(read_machine_state(one.root()).memory_limit_bytes == INFINITY);
  CHECK(memory_limit(one.root()).bytes == 8388608.0 * 1024.0);
  CHECK(memory_limit(one.root()).limit == "this machine has 8.59 GB free");
  one.write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "536870912\n");
  CHECK(memory_limit(one.root()).bytes == 0x1p29);
}

TEST_CASE("machine: what ulimit -v leaves counts") {
  const MachineFiles files;
  files.write("proc/self/statm", "1000 1 1\n");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_AS, &before) == 0);
  if (before.rlim_max != RLIM_INFINITY) return;  // the tests themselves run under one
  const rlimit limited{std::size_t{5} << 30, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_AS, &limited) == 0);
  const MemoryLimit left = memory_limit(files.root());
  REQUIRE(::setrlimit(RLIMIT_AS, &before) == 0);
  CHECK(left.bytes == 0x5p30 - 1000.0 * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  CHECK(left.limit == "ulimit -v leaves 5.36 GB");
}

TEST_CASE("machine: turbo, hypervisor and stolen time in their other spellings") {
  const MachineFiles files;
  std::filesystem::remove(files.root() + "/sys/devices/system/cpu/intel_pstate/no_turbo");
  CHECK_FALSE(read_machine_state(files.root()).turbo);
  files.write("sys/devices/system/cpu/cpufreq/boost", "1\n");
  CHECK(read_machine_state(files.root()).turbo == true);
  files.write("proc/cpuinfo", "flags : fpu hypervisor\n");
  CHECK(read_hardware(files.root()).hypervisor == "yes");

  const std::optional<CpuTimes> before = read_cpu_times(files.root());
  REQUIRE(before);
  CHECK(before->all == 1000.0);
  CHECK(before->stolen == 40.0);
  CHECK_FALSE(stolen_part(before, before));
  CHECK_FALSE(stolen_part(std::nullopt, before));
  files.write("proc/stat", "cpu  150 0 50 840 10 0 0 50 7 0\n");
  CHECK(stolen_part(before, read_cpu_times(files.root())) == 0.1);
  files.write("proc/stat", "cpu  150 0 50\n");
  CHECK_FALSE(read_cpu_times(files.root()));
}

TEST_CASE("machine: sets of processors as the kernel writes them") {
  CHECK(parse_cpu_list("0-2,5") == std::vector<int>{0, 1, 2, 5});
  CHECK(parse_cpu_list("7") == std::vector<int>{7});
  for (const char* none : {"", "x", "-1", "99999999999"}) CHECK(parse_cpu_list(none).empty());
  CHECK(parse_cpu_list("1-").empty());
  CHECK(parse_cpu_list("0-9999999").empty());
}

TEST_CASE("provenance: every fact that this machine hides has a place, and nobody a name") {
  const nlohmann::ordered_json machine = json_of(machine_facts());
  for (const char* fact : {"cpu", "microcode", "sockets", "physical_cores", "logical_cores", "cores_allowed",
                           "affinity", "cgroup_quota", "isa", "caches", "memory_bytes", "hypervisor",
                           "governor", "turbo", "transparent_huge_pages", "load", "stolen", "os", "kernel"}) {
    INFO(fact);
    CHECK(machine.contains(fact));
  }
  const nlohmann::ordered_json measurement = json_of(measurement_facts());
  CHECK(measurement.at("clock_reading_seconds").get<double>() > 0.0);
  CHECK(measurement.at("clock_reading_seconds").get<double>() < 1e-4);
  CHECK(measurement.at("clock_tick_seconds") == 1e-9);
  CHECK(measurement.contains("timed"));
  const nlohmann::ordered_json build = json_of(build_facts());
  CHECK(build.at("flags").size() == all_backends().size());
  CHECK(build.at("libraries").contains("oneTBB"));
  char host[256] = {};
  REQUIRE(::gethostname(host, sizeof host - 1) == 0);
  const char* user = std::getenv("USER");
  for (const std::string& name : {std::string(host), std::string(user == nullptr ? "" : user)}) {
    // A short name ("vm", "root") may be part of a word that has nothing to do with it.
    if (name.size() < 5) continue;
    CHECK((machine.dump() + build.dump() + measurement.dump()).find(name) == std::string::npos);
  }
}

TEST_CASE("SHA-256 has the values of the standard, in pieces of any length") {
  const auto hash = [](const std::string& text, std::size_t piece) {
    Sha256 sha;
    const auto bytes = std::as_bytes(std::span(text));
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      sha.add(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    }
    return sha.hex();
  };
  CHECK(hash("", 1) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hash("abc", 1) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string million(1'000'000, 'a');
  for (const std::size_t piece :
       {std::size_t{1'000'000}, std::size_t{63}, std::size_t{64}, std::size_t{119}}) {
    CHECK(hash(million, piece) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }
  const std::string whole(300, 'x');
  for (std::size_t length = 0; length < 200; ++length) {
    CHECK(hash(whole.substr(0, length), 7) == hash(whole.substr(0, length), 1000));
  }
}

TEST_CASE("base64 has the values of RFC 4648") {
  const auto encoded = [](std::string_view text) { return base64(std::as_bytes(std::span(text))); };
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded("\xFB\xFF\xBF") == "+/+/");
  CHECK(encoded(std::string(60, 'a')).find('\n') == std::string::npos);
}

TEST_CASE("the hash of data is NumPy's sha256 of the bytes, and sees the last bit") {
  // hashlib.sha256(np.arange(6.).reshape(3, 2).tobytes() + np.array([[0.], [1.],
  // [0.]]).tobytes()).hexdigest()
  Dataset data{Matrix<double>(3, 2), Matrix<double>(3, 1)};
  for (std::size_t i = 0; i < 3; ++i) {
    data.X(i, 0) = static_cast<double>(2 * i), data.X(i, 1) = static_cast<double>(2 * i + 1);
    data.Y.values()(i, 0) = i == 1 ? 1.0 : 0.0;
  }
  const std::string hash = sha256_of(data, Dataset{});
  CHECK(hash == "3095b41efb587fe8fe6d9eb4301a9764051abeb6902d6d47c2362cf76ccd71c8");
  data.X(2, 1) = std::nextafter(5.0, 6.0);
  CHECK(sha256_of(data, Dataset{}) != hash);
}
