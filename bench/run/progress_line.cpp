#include "bench/run/progress_line.h"

#include <fmt/format.h>

#include "experiments/cli/format.h"
#include "experiments/cli/progress.h"

namespace mlpbench {

using namespace std::chrono_literals;

ProgressLine::ProgressLine(bool quiet, std::string after)
    : quiet_(quiet), erases_(stderr_can_erase()), after_(std::move(after)) {}

ProgressLine::~ProgressLine() {
  if (drawn_ && erases_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressLine::show(const Progress& progress) {
  const int tenth = static_cast<int>(10.0 * progress.share);
  if (erases_ ? Clock::now() - last_drawn_ < 100ms : tenth <= last_tenth_) return;
  last_tenth_ = tenth;
  draw(fmt::format("{:3.0f} % {}, at most {} left{}", 100.0 * progress.share, progress.what,
                   format_duration(progress.seconds_left), after_));
}

void ProgressLine::show(const std::string& what) {
  const std::string beginning = what.substr(0, what.find(','));
  const bool wanted = erases_ ? Clock::now() - last_drawn_ >= 100ms : beginning != last_beginning_;
  if (!wanted) return;
  last_beginning_ = beginning;
  draw(erases_ ? what : beginning);
}

void ProgressLine::draw(const std::string& line) {
  if (quiet_) return;
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
