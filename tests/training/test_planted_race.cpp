// The thread sanitizer is told to overlook what happens inside oneTBB. That it overlooks nothing else is
// shown by a race between two tasks, in a process of its own, which must end with a report.

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include "core/training/thread_pool.h"
#include "tests/catch.h"
#include "tests/support/skip.h"
#include "tests/support/temporary_folder.h"

#if defined(__SANITIZE_THREAD__)
#define MLPBENCH_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MLPBENCH_THREAD_SANITIZER 1
#endif
#endif

namespace mlpbench::test {
namespace {

constexpr const char* kPlant = "MLPBENCH_PLANT_RACE";

/// Two tasks count in one variable: racing, or in one each, which is right.
void count_on_two_threads(bool racing) {
  ThreadPool pool(2);
  std::array<int, 2> counts{};
  for (int attempt = 0; attempt < 50; ++attempt) {
    pool.for_each(2, [&](std::size_t task, std::size_t) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ++counts[racing ? 0 : task];
    });
  }
}

[[maybe_unused]] std::string own_path() {
  std::array<char, 4096> path{};
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  return {path.data(), static_cast<std::size_t>(size > 0 ? size : 0)};
}

}  // namespace

TEST_CASE("a race between two tasks is reported") {
  if (std::getenv(kPlant) != nullptr) return count_on_two_threads(std::string(std::getenv(kPlant)) == "yes");
#ifdef MLPBENCH_THREAD_SANITIZER
  const TemporaryFolder folder;
  for (const char* racing : {"no", "yes"}) {
    const std::string log = folder.file(racing);
    const ScopedVariable plant(kPlant, racing);
    const int status = std::system(
        ("'" + own_path() + "' 'a race between two tasks is reported' > /dev/null 2> '" + log + "'").c_str());
    const bool reported = read_file(log).find("WARNING: ThreadSanitizer: data race") != std::string::npos;
    INFO("a planted race: " << racing << "\n" << read_file(log));
    CHECK(reported == (std::string(racing) == "yes"));
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0) == !reported);
  }
#else
  skip("this is not the build of the thread sanitizer");
#endif
}

}  // namespace mlpbench::test
