#include <atomic>
#include <cfenv>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/training/thread_pool.h"
#include "support/subnormals.h"
#include "tests/catch.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {

TEST_CASE("every task is done once, and a thread_id by one thread at a time") {
  for (const std::size_t threads : Sizes{1, 2, 3, 8, 16}) {
    ThreadPool pool(threads);
    CHECK(pool.threads() == threads);
    for (const std::size_t tasks : Sizes{0, 1, 2, 7, 16, 1000}) {
      std::vector<int> done(tasks);
      std::vector<std::atomic<int>> in_slot(threads);
      std::atomic<int> clashes = 0;
      pool.for_each(tasks, [&](std::size_t task, std::size_t thread_id) {
        clashes += in_slot.at(thread_id).fetch_add(1) != 0;
        ++done[task];
        in_slot[thread_id].fetch_sub(1);
      });
      INFO(threads << " threads, " << tasks << " tasks");
      CHECK(clashes == 0);
      CHECK(done == std::vector<int>(tasks, 1));
    }
  }
}

TEST_CASE("more threads than CPUs are really there") {
  constexpr std::size_t kThreads = 6;
  ThreadPool pool(kThreads);
  std::mutex mutex;
  std::set<std::thread::id> seen;
  for (int attempt = 0; attempt < 200 && seen.size() < kThreads; ++attempt) {
    pool.for_each(kThreads, [&](std::size_t, std::size_t) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const std::lock_guard lock(mutex);
      seen.insert(std::this_thread::get_id());
    });
  }
  // More over several calls where other pools have left threads behind: the scheduler sends any of them.
  CHECK(seen.size() >= kThreads);
}

TEST_CASE("an exception of one task reaches the caller, and the pool lives on") {
  for (const std::size_t threads : Sizes{1, 2, 8}) {
    ThreadPool pool(threads);
    for (int attempt = 0; attempt < 20; ++attempt) {
      std::atomic<int> begun = 0;
      // All tasks after the fifth would take a quarter of a second or more, on eight threads.
      const auto task = [&](std::size_t, std::size_t) {
        const int number = ++begun;
        if (number == 5) throw std::runtime_error("the fifth");
        if (number > 5) std::this_thread::sleep_for(std::chrono::microseconds(100));
      };
      CHECK_THROWS_AS(pool.for_each(20'000, task), std::runtime_error);
      CHECK(begun < 20'000);  // what had not begun was dropped
      std::atomic<int> done = 0;
      pool.for_each(10, [&](std::size_t, std::size_t) { ++done; });
      CHECK(done == 10);
    }
  }
}

TEST_CASE("every task runs in the caller's floating-point mode") {
  ThreadPool pool(4);  // the threads begin in the mode that was there before
  const int before = std::fegetround();
  std::fesetround(FE_UPWARD);
  auto flush = std::make_unique<SubnormalsScope>(Subnormals::flush);
  std::atomic<int> wrong = 0;
  for (int attempt = 0; attempt < 50; ++attempt) {
    pool.for_each(4, [&](std::size_t, std::size_t) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      wrong += std::fegetround() != FE_UPWARD;
      wrong += flushing_bits().empty();
    });
  }
  flush.reset();
  std::fesetround(before);
  CHECK(wrong == 0);
  pool.for_each(4, [&](std::size_t, std::size_t) { wrong += std::fegetround() != before; });
  CHECK(wrong == 0);
}

TEST_CASE("a fork and join has a cost") {
  ThreadPool pool(2);
  const double seconds = fork_join_seconds(pool);
  CHECK(seconds > -1e-6);
  CHECK(seconds < 0.1);
  CHECK(fork_join_seconds(pool) == seconds);  // measured once
}

}  // namespace mlpbench::test
