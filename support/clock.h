// The clock that all times of the suite are taken with.
#pragma once

#include <chrono>

namespace mlpbench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace mlpbench
