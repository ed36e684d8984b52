#include "support/machine.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "support/kernel_files.h"

namespace mlpbench {
namespace {

std::optional<double> kilobytes(const std::string& text) {
  const std::optional<double> number = leading_number(text);
  return number ? std::optional(*number * 1024.0) : std::nullopt;
}

std::vector<CacheInfo> read_caches(const std::string& root) {
  std::vector<CacheInfo> caches;
  for (int index = 0;; ++index) {
    const std::string folder = root + kCpuFolder + "cpu0/cache/index" + std::to_string(index) + "/";
    const std::optional<double> level = leading_number(first_line(folder + "level"));
    if (!level) return caches;
    caches.push_back({static_cast<int>(*level), or_unknown(first_line(folder + "type")),
                      cache_bytes(first_line(folder + "size")),
                      or_unknown(first_line(folder + "shared_cpu_list"))});
  }
}

/// An ARM core by the numbers of its identification register (MIDR_EL1): implementer and part, as in
/// util-linux's lscpu. The kernel prints no name.
struct ArmCore {
  int implementer, part;
  const char* name;
};
constexpr int kArm = 0x41, kApple = 0x61, kAmpere = 0xc0, kHiSilicon = 0x48, kNvidia = 0x4e;
constexpr ArmCore kArmCores[] = {
    {kArm, 0xd03, "Cortex-A53"},           {kArm, 0xd05, "Cortex-A55"},  {kArm, 0xd07, "Cortex-A57"},
    {kArm, 0xd08, "Cortex-A72"},           {kArm, 0xd0b, "Cortex-A76"},  {kArm, 0xd0c, "Neoverse-N1"},
    {kArm, 0xd40, "Neoverse-V1"},          {kArm, 0xd49, "Neoverse-N2"}, {kArm, 0xd4f, "Neoverse-V2"},
    {kArm, 0xd84, "Neoverse-V3"},          {kArm, 0xd8e, "Neoverse-N3"}, {kApple, 0x022, "Apple M1 Icestorm"},
    {kApple, 0x023, "Apple M1 Firestorm"}, {kAmpere, 0xac3, "Ampere-1"}, {kAmpere, 0xac4, "Ampere-1a"},
    {kHiSilicon, 0xd01, "TSV110"},         {kNvidia, 0x004, "Carmel"}};

/// "Neoverse-N1", or "implementer 0x41, part 0xfff" of a core that is not in the table; empty without one.
std::string arm_core(const std::string& cpuinfo) {
  const std::string implementer = value_of(cpuinfo, "CPU implementer"), part = value_of(cpuinfo, "CPU part");
  if (implementer.empty() || part.empty()) return "";
  const auto number = [](const std::string& text) { return std::strtol(text.c_str(), nullptr, 16); };
  const long by = number(implementer), of = number(part);
  for (const ArmCore& core : kArmCores) {
    if (core.implementer == by && core.part == of) return core.name;
  }
  return "implementer " + implementer + ", part " + part;
}

/// "AMD EPYC 9R14", as the kernel reports it, or the core's name where it reports numbers.
std::string processor_name(const std::string& cpuinfo) {
  const std::string name = value_of(cpuinfo, "model name");
  return or_unknown(name.empty() ? arm_core(cpuinfo) : name);
}

/// What the processor itself says, which no file repeats. Only of this machine.
std::string hypervisor_signature() {
#if defined(__x86_64__)
  unsigned int eax = 0, name[3] = {};
  __cpuid(0x40000000, eax, name[0], name[1], name[2]);
  std::string text(reinterpret_cast<const char*>(name), sizeof name);
  text.erase(std::find_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }), text.end());
  for (const auto& [signature, product] :
       {std::pair{"KVMKVMKVM", "KVM"}, std::pair{"Microsoft Hv", "Hyper-V"},
        std::pair{"VMwareVMware", "VMware"}, std::pair{"XenVMMXenVMM", "Xen"},
        std::pair{"TCGTCGTCGTCG", "QEMU without KVM"}}) {
    if (text == signature) return product;
  }
  return text;
#else
  return "";
#endif
}

std::string read_hypervisor(const std::string& root) {
  const std::string flags = value_of(root + "/proc/cpuinfo", "flags");
  std::string name = first_line(root + "/sys/hypervisor/type");
  if (!name.empty()) return name;
  if (flags.empty()) return "unknown";
  if ((" " + flags + " ").find(" hypervisor ") == std::string::npos) return "none";
  if (root.empty()) name = hypervisor_signature();
  return name.empty() ? "yes" : name;
}

void read_topology(const std::string& root, Hardware& hardware) {
  const std::vector<int> online = parse_cpu_list(first_line(root + kCpuFolder + "online"));
  if (online.empty()) return;
  hardware.threads = online.size();
  std::set<std::string> sockets;
  for (const int cpu : online) {
    const std::string folder = root + kCpuFolder + "cpu" + std::to_string(cpu) + "/topology/";
    const std::vector<int> siblings = parse_cpu_list(first_line(folder + "thread_siblings_list"));
    const std::string socket = first_line(folder + "physical_package_id");
    if (siblings.empty() || socket.empty()) {
      hardware.one_thread_of_each_core.clear();
      return;
    }
    sockets.insert(socket);
    const bool is_first = std::none_of(siblings.begin(), siblings.end(), [&](int other) {
      return other < cpu && std::find(online.begin(), online.end(), other) != online.end();
    });
    if (is_first) hardware.one_thread_of_each_core.push_back(cpu);
  }
  hardware.sockets = sockets.size();
  hardware.cores = hardware.one_thread_of_each_core.size();
}

}  // namespace

Hardware read_hardware(const std::string& root) {
  Hardware hardware;
  hardware.cpu = processor_name(root + "/proc/cpuinfo");
  hardware.microcode = or_unknown(value_of(root + "/proc/cpuinfo", "microcode"));
  hardware.hypervisor = read_hypervisor(root);
  read_topology(root, hardware);
  hardware.caches = read_caches(root);
  hardware.memory_bytes = kilobytes(value_of(root + "/proc/meminfo", "MemTotal"));
  return hardware;
}

}  // namespace mlpbench
