#include "experiments/memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include "support/error.h"
#include "support/format.h"

namespace mlpbench {

void require_memory(std::string_view option, std::string_view what, double bytes) {
  const double physical =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (physical > 0.0 && bytes > physical) {
    throw UserError(fmt::format("{}: {} needs about {}B of memory and this machine has {}B", option, what,
                                format_quantity(bytes), format_quantity(physical)));
  }
}

void require_data_memory(std::string_view option, std::size_t samples, std::size_t features,
                         std::size_t outputs) {
  const double numbers = static_cast<double>(features) + static_cast<double>(outputs);
  require_memory(option, "the data set", (16.0 * numbers + 24.0) * static_cast<double>(samples));
}

}  // namespace mlpbench
