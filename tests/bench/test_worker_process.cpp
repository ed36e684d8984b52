// A program that answers lines, and all the ways in which it does not.

#include <signal.h>

#include <filesystem>
#include <system_error>
#include <thread>

#include "support/clock.h"
#include "support/worker_process.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

std::string refusal(const std::string& script, double seconds = 20.0) {
  WorkerProcess worker({"/bin/sh", "-c", script}, {});
  try {
    return "answered " + worker.ask("question", seconds);
  } catch (const WorkerError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a worker answers line by line and has the variables that it is given", "[worker]") {
  WorkerProcess worker({"sh", "-c", "while read -r line; do echo \"$GREETING $line\"; done"},
                       {{"GREETING", "hello"}});
  CHECK(worker.ask("one", 20.0) == "hello one");
  const std::string longer(100'000, 'x');
  CHECK(worker.ask(longer, 20.0) == "hello " + longer);
  WorkerProcess two({"sh", "-c", "read -r line; echo first; echo second; read -r line"}, {});
  CHECK(two.ask("a", 20.0) == "first");
  CHECK(two.ask("b", 20.0) == "second");
}

TEST_CASE("how a worker ended is said with the last line of its errors", "[worker]") {
  CHECK(refusal("read -r line; exit 3") == "ended with exit code 3");
  CHECK(refusal("read -r line; echo first >&2; echo 'no such module' >&2; exit 1") ==
        "ended with exit code 1: no such module");
  CHECK(refusal("read -r line; printf half; kill -9 $$") == "was ended by signal 9");
  CHECK(refusal("exit 0") == "ended with exit code 0");
  CHECK(refusal("read -r line; exec >/dev/null 0</dev/null; sleep 60") == "closed its output");
  CHECK(refusal("read -r line; exec yes a | tr -d '\\n'") == "wrote a line longer than 64 MiB");
  CHECK_THROWS_AS(WorkerProcess({"no-such-program-here"}, {}), std::system_error);
}

TEST_CASE("a worker that hangs is given up in time, and ended with all that it started", "[worker]") {
  const TemporaryFolder folder;
  const Clock::time_point start = Clock::now();
  // The shell waits for the other sleep, which a signal to the shell alone would leave.
  CHECK(refusal("sleep 60 & echo $! > " + folder.file("pid") + "; wait", 0.3) == "did not answer for 0.3 s");
  CHECK(seconds_since(start) < 10.0);
  const pid_t left = std::stoi(read_file(folder.file("pid")));
  const auto runs = [left] {
    return ::kill(left, 0) == 0 && !read_file("/proc/" + std::to_string(left) + "/stat").empty();
  };
  for (int wait = 0; wait < 100 && runs(); ++wait) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const std::string status = runs() ? read_file("/proc/" + std::to_string(left) + "/stat") : " Z ";
  CHECK(status.find(" Z ") != std::string::npos);  // gone, or waits for init to take it
}

TEST_CASE("whoever waits for a worker can be interrupted", "[worker]") {
  std::atomic<bool> interrupt = false;
  WorkerProcess worker({"/bin/sh", "-c", "sleep 60"}, {});
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    interrupt = true;
  });
  CHECK_THROWS_WITH(worker.ask("question", 60.0, &interrupt), "was interrupted");
  later.join();
}
