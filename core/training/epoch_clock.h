#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>

#include "core/error.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// Times the epochs of a run in about a hundred stretches and reports progress between them, with the clock
/// stopped: an epoch of a tiny network takes less time than two readings of a clock.
class EpochClock {
 public:
  explicit EpochClock(const TrainingOptions& options)
      : options_(options), stretch_((options.epochs + 99) / 100) {
    start_ = std::chrono::steady_clock::now();
  }

  /// After each epoch; `epoch` counts from 0.
  void finished(std::size_t epoch) {
    const std::size_t done = epoch + 1;
    if (done % stretch_ != 0 && done != options_.epochs) return;
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (options_.progress) options_.progress(done);
    start_ = std::chrono::steady_clock::now();
  }

  double seconds() const noexcept { return seconds_; }

 private:
  const TrainingOptions& options_;
  std::size_t stretch_;
  std::chrono::steady_clock::time_point start_;
  double seconds_ = 0.0;
};

/// Throws WrongResult when `loss` is NaN or infinite.
inline void require_finite(double loss, std::size_t epoch, double learning_rate) {
  if (std::isfinite(loss)) return;
  throw WrongResult("training diverged: the loss became " +
                    std::string(std::isnan(loss) ? "NaN" : "infinite") + " in epoch " +
                    std::to_string(epoch) + " (learning rate " + std::to_string(learning_rate) + ")");
}

}  // namespace mlpbench
