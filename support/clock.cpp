#include "support/clock.h"

#include <poll.h>

#include "support/error.h"

namespace mlpbench {

void require_moving_clock() {
  constexpr int kMilliseconds = 100;
  const Clock::time_point start = Clock::now();
  for (int waited = 0; Clock::now() == start; ++waited) {
    if (waited == kMilliseconds) throw UserError("the monotonic clock stands still: nothing can be timed");
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace mlpbench
