#include <fmt/format.h>

#include "bench/programs/run.h"
#include "support/format.h"
#include "support/progress.h"
#include "support/text.h"

namespace mlpbench {

using namespace std::chrono_literals;

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), erases_(stderr_can_erase()) {}

ProgressLine::~ProgressLine() {
  if (drawn_ && erases_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressLine::show(const Progress& progress) {
  if (quiet_) return;
  const int tenth = static_cast<int>(10.0 * progress.share);
  if (erases_ ? Clock::now() - last_drawn_ < 100ms : tenth <= last_tenth_) return;
  last_tenth_ = tenth;
  const std::string line = fmt::format("{:3.0f} % {}, at most {} left", 100.0 * progress.share,
                                       printable_path(progress.what), format_duration(progress.seconds_left));
  if (erases_) {
    fmt::print(stderr, "\r\x1b[K{}", line.substr(0, terminal_width() - 1));
  } else {
    fmt::print(stderr, "{}\n", line);
  }
  std::fflush(stderr);
  last_drawn_ = Clock::now();
  drawn_ = true;
}

}  // namespace mlpbench
