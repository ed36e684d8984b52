// Preloaded, it stops every clock.
#include <time.h>

extern "C" int clock_gettime(clockid_t, timespec* now) noexcept {
  *now = {1, 0};
  return 0;
}
