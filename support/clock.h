// The clock that all times of the suite are taken with.
#pragma once

#include <chrono>

namespace mlpbench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Throws UserError where the clock stands still, as in a stopped simulation: whoever waits for it to move
/// would wait for ever.
void require_moving_clock();

}  // namespace mlpbench
