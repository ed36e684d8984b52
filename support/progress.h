#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace mlpbench {

/// A line on stderr that shows the progress of a run: bar, percent, epochs, estimated time left. It appears
/// only on a terminal that can erase a line (TERM is not "dumb"), and only after the run has taken a moment.
/// The destructor wipes it. Draws at most ten times a second.
class ProgressBar {
 public:
  /// `label` stands before the bar. Nothing is drawn with `quiet`.
  ProgressBar(std::string label, std::size_t epochs, bool quiet, bool color);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Between stretches of training, never while a clock runs.
  void update(std::size_t epochs_done);

  bool enabled() const noexcept { return enabled_; }

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  std::size_t epochs_;
  bool enabled_;
  bool color_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_ = start_;
};

/// Whether stderr is a terminal that can erase a line.
bool stderr_can_erase();

/// Columns of the terminal of stderr; 80 where it does not say.
std::size_t terminal_width();

/// One line of the bar for a terminal of `width` columns, without control characters but colour.
std::string progress_line(const std::string& label, std::size_t done, std::size_t epochs, double seconds_left,
                          std::size_t width, bool color);

}  // namespace mlpbench
