#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <barrier>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "bench/probes/probes.h"
#include "support/clock.h"
#include "support/error.h"

namespace mlpbench {
namespace {

struct Lap {
  Clock::time_point start, end;
};

Lap timed(const ProbeBody& body, std::size_t thread, std::size_t repetitions) {
  Lap lap;
  lap.start = Clock::now();
  [[maybe_unused]] volatile double kept = body(thread, repetitions);
  lap.end = Clock::now();
  return lap;
}

/// Keeps the calling thread on the thread-th CPU that the process may use, counted round. A new thread often
/// begins on the CPU of another and stays there for longer than a trial takes. Two such threads together do
/// not show a ceiling. Where the system refuses, the thread stays where it is.
void stay_on_own_cpu(std::size_t thread) {
  cpu_set_t allowed, own;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  std::vector<std::size_t> cpus;
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  }
  if (cpus.empty()) return;
  CPU_ZERO(&own);
  CPU_SET(cpus[thread % cpus.size()], &own);
  ::pthread_setaffinity_np(::pthread_self(), sizeof own, &own);
}

/// Seconds from the first start to the last end.
double trial(std::size_t threads, const ProbeBody& body, std::size_t repetitions) {
  std::vector<Lap> laps(threads);
  if (threads == 1) {
    laps[0] = timed(body, 0, repetitions);
  } else {
    std::barrier start(static_cast<std::ptrdiff_t>(threads));
    std::vector<std::jthread> pool;
    try {
      for (std::size_t t = 0; t < threads; ++t) {
        pool.emplace_back([&, t] {
          stay_on_own_cpu(t);
          start.arrive_and_wait();
          laps[t] = timed(body, t, repetitions);
        });
      }
    } catch (const std::system_error&) {
      for (std::size_t missing = pool.size(); missing < threads; ++missing) start.arrive_and_drop();
      throw UserError("the system does not grant the " + std::to_string(threads) + " threads of a probe");
    }
    pool.clear();  // joins
  }
  const auto first = std::min_element(laps.begin(), laps.end(),
                                      [](const Lap& a, const Lap& b) { return a.start < b.start; });
  const auto last =
      std::max_element(laps.begin(), laps.end(), [](const Lap& a, const Lap& b) { return a.end < b.end; });
  return std::chrono::duration<double>(last->end - first->start).count();
}

}  // namespace

Summary measured_rate(const ProbeOptions& options, double work, const ProbeBody& body) {
  if (options.threads == 0 || options.trials == 0) {
    throw std::invalid_argument("a probe needs at least one thread and one trial");
  }
  // Doubled until a trial is long enough; this warms the caches and the clock rate up as well.
  std::size_t repetitions = 1;
  while (trial(1, body, repetitions) < options.seconds_per_trial / 2) repetitions *= 2;

  std::vector<double> rates;
  for (std::size_t n = 0; n < options.trials; ++n) {
    const double elapsed = trial(options.threads, body, repetitions);
    rates.push_back(work * static_cast<double>(repetitions * options.threads) / elapsed);
  }
  return summarize(std::move(rates));
}

}  // namespace mlpbench
