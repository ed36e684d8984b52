#include "support/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "support/format.h"
#include "support/terminal.h"
#include "support/unicode.h"

namespace mlpbench {
namespace {

using namespace std::chrono_literals;

// A run shorter than this shows nothing: a bar that flashes by is noise.
constexpr auto kFirstDrawn = 300ms;
constexpr auto kRedrawn = 100ms;

}  // namespace

bool stderr_can_erase() { return is_terminal(STDERR_FILENO); }

std::size_t terminal_width() { return columns_of(STDERR_FILENO).value_or(80); }

std::string progress_line(const std::string& label, std::size_t done, std::size_t epochs, double seconds_left,
                          std::size_t width, bool color) {
  const double share = epochs == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(epochs);
  const std::string numbers = fmt::format(" {:3.0f} %  {}/{} epochs  {} left", 100.0 * share, done, epochs,
                                          format_duration(seconds_left));
  const std::size_t taken = display_width(label) + numbers.size() + 3;
  if (taken + 4 > width) return numbers.substr(1, width > 1 ? width - 1 : 0);  // no room for a bar

  const std::size_t cells = std::min<std::size_t>(width - taken, 40);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(cells));
  const std::string done_cells(full, '#'), open_cells(cells - full, '.');
  return label + " [" + (color ? "\x1b[36m" + done_cells + "\x1b[0m" : done_cells) + open_cells + "]" +
         numbers;
}

ProgressBar::ProgressBar(std::string label, std::size_t epochs, bool quiet, bool color)
    : label_(std::move(label)), epochs_(epochs), enabled_(!quiet && stderr_can_erase()), color_(color) {}

ProgressBar::~ProgressBar() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
}

void ProgressBar::update(std::size_t epochs_done) {
  if (!enabled_ || epochs_done == 0) return;
  const Clock::time_point now = Clock::now();
  if (now - last_drawn_ < (drawn_ ? kRedrawn : kFirstDrawn)) return;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double left = elapsed * static_cast<double>(epochs_ - std::min(epochs_done, epochs_)) /
                      static_cast<double>(epochs_done);
  const std::string line = progress_line(label_, epochs_done, epochs_, left, terminal_width(), color_);
  std::fputs(("\r" + line + "\x1b[K").c_str(), stderr);
  std::fflush(stderr);
  last_drawn_ = now;
  drawn_ = true;
}

}  // namespace mlpbench
