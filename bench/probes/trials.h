#pragma once

#include <cstddef>
#include <functional>

#include "bench/stats/order.h"

namespace mlpbench {

/// How a probe measures. Many short trials rather than a long one: the clock rate of a virtual machine and
/// the load of its neighbours change within a second, and the spread then shows it.
struct ProbeOptions {
  std::size_t threads = 1;
  std::size_t trials = 7;
  double seconds_per_trial = 1e-3;
};

/// Called on every thread at once. Returns a number that depends on all of the work, so that none is left
/// out.
using ProbeBody = std::function<double(std::size_t thread, std::size_t repetitions)>;

/// Work a second of all threads together, over the trials: a repetition of `body` does `work` on each thread.
/// In a trial every thread waits for the last one to be ready; the time is that from the first start to the
/// last end. Threads are started for this call, but for a single one, which is the caller's.
/// std::invalid_argument when there are no threads or no trials; std::system_error when a thread cannot
/// start.
Summary measured_rate(const ProbeOptions& options, double work, const ProbeBody& body);

}  // namespace mlpbench
