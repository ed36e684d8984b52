#include "support/memory.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <limits>

#include "support/error.h"
#include "support/format.h"
#include "support/kernel_files.h"
#include "support/machine.h"

namespace mlpbench {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

/// Bytes that this process may still map; what it has mapped is the first number of statm, in pages.
double address_space_left(const std::string& root) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
  const double pages = leading_number(first_line(root + "/proc/self/statm")).value_or(0.0);
  return static_cast<double>(limit.rlim_cur) - pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

MemoryLimit memory_limit(const std::string& root) {
  const MachineState state = read_machine_state(root);
  MemoryLimit least{kUnlimited, ""};
  const auto add = [&least](double bytes, const char* text) {
    if (!(bytes < least.bytes)) return;
    least = {bytes, fmt::format(fmt::runtime(text), format_quantity(bytes))};
  };
  add(state.free_memory_bytes.value_or(kUnlimited), "this machine has {}B free");
  add(state.memory_limit_bytes.value_or(kUnlimited), "its control group is limited to {}B");
  add(address_space_left(root), "ulimit -v leaves {}B");
  return least;
}

void require_memory(std::string_view option, std::string_view what, double bytes) {
  constexpr double kNeverShort = 1 << 20;  // the files of /proc are not read for a small problem
  if (bytes < kNeverShort) return;
  const MemoryLimit limit = memory_limit();
  if (bytes <= limit.bytes) return;
  throw UserError(fmt::format("{}: {} needs about {}B of memory and {}", option, what, format_quantity(bytes),
                              limit.limit));
}

}  // namespace mlpbench
