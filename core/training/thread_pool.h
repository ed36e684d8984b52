#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>

namespace mlpbench {

/// Two cache lines: what two threads write lies at least this far apart. One line is not enough, because
/// CPUs fetch lines in pairs.
inline constexpr std::size_t kThreadAlignment = 128;

/// The library behind it: "oneTBB 2021.8".
std::string thread_library();

/// The threads of one training run, and the only place that knows oneTBB. It has an arena for `threads` of
/// them, the caller's included, made and warmed up once a run. More threads than CPUs are allowed; the
/// system then divides the CPUs.
///
/// Work is handed out one fork and join at a time. Nothing waits for anything else within one, so it ends
/// with as few threads as the system grants, one included. Which thread takes which task is open, so no
/// result may depend on it. Threads and tasks know no random numbers.
class ThreadPool {
 public:
  /// Throws std::bad_alloc. Throws UserError where the system does not grant so many threads. The number of
  /// processes is limited (ulimit -u, a container), or memory (ulimit -v).
  explicit ThreadPool(std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::size_t threads() const noexcept { return threads_; }

  /// Calls body(task, thread_id) once for each task in [0, tasks) and returns when all are done. One thread
  /// at a time has a thread_id, which is below P = min(threads(), tasks) and may choose a buffer. It begins
  /// with the tasks thread_id, thread_id + P, thread_id + 2 P, ... in this order, and then takes what is
  /// left of the others'. As far as the system lets it, a thread has the same thread_id in every call. Every
  /// call runs with the caller's floating-point mode (rounding, subnormals). When a call throws, calls that
  /// have not begun are dropped and one of the exceptions is thrown here.
  template <typename Body>
  void for_each(std::size_t tasks, Body&& body) {
    using Plain = std::remove_reference_t<Body>;
    run(tasks, {[](const void* context, std::size_t task, std::size_t thread_id) {
                  (*const_cast<Plain*>(static_cast<const Plain*>(context)))(task, thread_id);
                },
                &body});
  }

 private:
  /// A reference to any callable, without a copy and without the heap.
  struct Call {
    void (*function)(const void* context, std::size_t task, std::size_t thread_id);
    const void* context;
  };
  struct Fork;
  struct Arena;

  void run(std::size_t tasks, Call call);
  void warm_up();

  std::size_t threads_;
  std::unique_ptr<Arena> arena_;
};

/// The place among `tasks` of what a task of ThreadPool::for_each() should work on, so that the tasks of one
/// thread_id are adjacent. When the blocks of two threads alternated, the hardware's prefetching read into
/// the other's block, whose next store then had to fetch the line back. 28-64-64-1 at 1024 in blocks of 128
/// had 0.93 of the speed of forward and backward.
constexpr std::size_t side_by_side(std::size_t task, std::size_t tasks, std::size_t threads) noexcept {
  const std::size_t thread_ids = std::min(threads, tasks), thread_id = task % thread_ids;
  return thread_id * (tasks / thread_ids) + std::min(thread_id, tasks % thread_ids) + task / thread_ids;
}

/// Threads of a pool that can run at the same time. They are no more than the CPUs for this process, and
/// than the system granted when this was first asked.
std::size_t running_threads(std::size_t threads);

/// Seconds that one fork and join costs here. running_threads() tasks of 10 us each are timed many times;
/// the result is the 90th percentile above 10 us, and at least 5 us. The median was 1.3 to 10.6 us from one
/// process to the next on the same machine. Without work in the tasks nobody would be waited for. Measured
/// once a process and number of threads, then remembered.
double fork_join_seconds(ThreadPool& pool);

}  // namespace mlpbench
