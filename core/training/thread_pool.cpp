#include "core/training/thread_pool.h"

#include <malloc.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/version.h>
#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <latch>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "support/clock.h"
#include "support/error.h"

// The thread sanitizer sees nothing of the hand-over inside oneTBB, whose library is not instrumented. Its
// build leaves this file out (core/CMakeLists.txt). It is told of the two edges here, from the fork to each
// thread_id and from each thread_id to the join. It is told of nothing else, so it still finds a race
// between two tasks.
#ifdef MLPBENCH_THREAD_SANITIZER
extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}
#endif

namespace mlpbench {
namespace {

/// A fork and join that measured less was lucky: a step of 14 us that was shared on such a reading lost 18
/// %.
constexpr double kLeastForkJoin = 5e-6;

void spin(double seconds) {
  const Clock::time_point start = Clock::now();
  while (std::chrono::duration<double>(Clock::now() - start).count() < seconds) {
  }
}

extern "C" void* mlpbench_wait_in_thread(void* gate) {
  static_cast<std::latch*>(gate)->wait();
  return nullptr;
}

/// Starts up to `count` threads, all at once, and ends them again. Returns how many the system granted.
/// oneTBB ends the process where it gets fewer than it wants. 6 MiB of stack: oneTBB's are of 4, and what
/// else it allocates for a thread needs room too.
std::size_t granted_threads(std::size_t count) {
  constexpr std::size_t kStackBytes = std::size_t{6} << 20;
  rlimit space{};
  if (::getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
    // Every other arena of malloc would reserve 64 MiB of it for a thread.
    ::mallopt(M_ARENA_MAX, 1);
  }
  std::latch gate(1);
  std::vector<pthread_t> threads;
  threads.reserve(count);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_t thread{};
  while (threads.size() < count &&
         ::pthread_create(&thread, &attributes, mlpbench_wait_in_thread, &gate) == 0) {
    threads.push_back(thread);
  }
  ::pthread_attr_destroy(&attributes);
  gate.count_down();
  for (const pthread_t started : threads) ::pthread_join(started, nullptr);
  return threads.size();
}

void happens_before([[maybe_unused]] void* edge) {
#ifdef MLPBENCH_THREAD_SANITIZER
  __tsan_release(edge);
#endif
}
void happens_after([[maybe_unused]] void* edge) {
#ifdef MLPBENCH_THREAD_SANITIZER
  __tsan_acquire(edge);
#endif
}

/// Draws an edge when a scope ends, however it ends.
struct AtEnd {
  void (*draw)(void* edge);
  void* edge;
  ~AtEnd() { draw(edge); }
};

}  // namespace

/// How many of its own tasks a thread_id has given away.
struct alignas(kThreadAlignment) Share {
  std::atomic<std::size_t> taken = 0;
};

/// One fork and join under way. A thread_id begins with its own tasks, one by one and the same ones at every
/// call. What it wrote in one call is then in its cache in the next. Then it helps the others, so that a
/// thread that the system has suspended delays one task and not all of its tasks.
struct ThreadPool::Fork {
  Call call;
  std::size_t tasks, thread_ids;
  Share* shares;
  tbb::task_group_context& context;
  char forked = 0, joined = 0;  ///< edges, by their addresses

  void work(std::size_t thread_id) {
    happens_after(&forked);
    const AtEnd join{happens_before, &joined};  // also when a task throws
    for (std::size_t turn = 0; turn < thread_ids; ++turn) {
      const std::size_t owner = (thread_id + turn) % thread_ids;
      for (;;) {
        const std::size_t task =
            owner + thread_ids * shares[owner].taken.fetch_add(1, std::memory_order_relaxed);
        if (task >= tasks || context.is_group_execution_cancelled()) break;
        call.function(call.context, task, thread_id);
      }
    }
  }
};

struct ThreadPool::Arena {
  tbb::global_control limit;  ///< more than the CPUs, where that was asked for
  tbb::task_arena arena;
  std::vector<Share> shares;

  explicit Arena(std::size_t threads)
      : limit(tbb::global_control::max_allowed_parallelism, threads),
        arena(static_cast<int>(threads)),
        shares(threads) {
    arena.initialize();
  }
};

ThreadPool::ThreadPool(std::size_t threads) : threads_(std::max<std::size_t>(threads, 1)) {
  if (threads_ == 1) return;
  require_moving_clock();
  const std::size_t granted = 1 + granted_threads(threads_ - 1);
  if (granted < threads_) {
    throw UserError("--threads " + std::to_string(threads_) + ": the system grants " +
                    std::to_string(granted) + "; processes or memory are limited (ulimit -u, -v, container)");
  }
  arena_ = std::make_unique<Arena>(threads_);
  warm_up();
}

ThreadPool::~ThreadPool() = default;

void ThreadPool::run(std::size_t tasks, Call call) {
  const std::size_t thread_ids = std::min(threads_, tasks);
  if (thread_ids <= 1) {
    for (std::size_t task = 0; task < tasks; ++task) call.function(call.context, task, 0);
    return;
  }
  using Traits = tbb::task_group_context;
  tbb::task_group_context context(Traits::isolated, Traits::default_traits | Traits::fp_settings);
  for (Share& share : arena_->shares) share.taken.store(0, std::memory_order_relaxed);
  Fork fork{call, tasks, thread_ids, arena_->shares.data(), context};
  happens_before(&fork.forked);
  const AtEnd join{happens_after, &fork.joined};
  arena_->arena.execute([&] {
    tbb::parallel_for(
        std::size_t{0}, thread_ids, [&](std::size_t thread_id) { fork.work(thread_id); },
        tbb::static_partitioner(), context);
  });
}

/// Starts the threads. In the first round each task waits for all others, for a limited time. oneTBB creates
/// a thread when it wants one, and a later time may find no memory left for it. In the other rounds each task
/// takes longer than waking a thread.
void ThreadPool::warm_up() {
  std::atomic<std::size_t> begun = 0;
  const double most = 0.01 + 0.001 * static_cast<double>(threads_);
  const Clock::time_point start = Clock::now();
  for_each(threads_, [&](std::size_t, std::size_t) {
    begun.fetch_add(1, std::memory_order_relaxed);
    while (begun.load(std::memory_order_relaxed) < threads_ && seconds_since(start) < most) {
      std::this_thread::yield();
    }
  });
  for (int round = 0; round < 2; ++round) {
    for_each(threads_, [](std::size_t, std::size_t) { spin(30e-6); });
  }
}

std::size_t running_threads(std::size_t threads) {
  static const std::size_t at_most = [] {
    const auto cpus = static_cast<std::size_t>(std::max(1, tbb::info::default_concurrency()));
    return 1 + granted_threads(cpus - 1);
  }();
  return std::min(threads, at_most);
}

double fork_join_seconds(ThreadPool& pool) {
  static std::mutex mutex;
  static std::map<std::size_t, double> known;
  const std::lock_guard lock(mutex);
  const auto [entry, is_new] = known.try_emplace(pool.threads(), 0.0);
  if (!is_new) return entry->second;
  constexpr double kWork = 10e-6;
  std::array<double, 51> costs{};
  for (double& cost : costs) {
    const Clock::time_point start = Clock::now();
    pool.for_each(running_threads(pool.threads()), [](std::size_t, std::size_t) { spin(kWork); });
    cost = std::chrono::duration<double>(Clock::now() - start).count() - kWork;
  }
  const auto slow = costs.begin() + costs.size() * 9 / 10;
  std::nth_element(costs.begin(), slow, costs.end());
  return entry->second = std::max(*slow, kLeastForkJoin);
}

std::string thread_library() { return std::string("oneTBB ") + TBB_runtime_version(); }

}  // namespace mlpbench
