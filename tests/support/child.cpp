#include "tests/support/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "support/child_process.h"

extern char** environ;

namespace mlpbench::test {
namespace {

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

/// The test's environment without what changes the programs' behaviour, and with `added`.
std::vector<std::string> environment_of(const ChildOptions& options) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    const bool ours = name.starts_with("MLPBENCH_") || name == "NO_COLOR";
    const bool replaced = std::any_of(options.environment.begin(), options.environment.end(),
                                      [&](const auto& added) { return added.first == name; });
    if (!ours && !replaced) result.push_back(text);
  }
  for (const auto& [name, value] : options.environment) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct Actions {
  posix_spawn_file_actions_t actions;
  Actions() { check(posix_spawn_file_actions_init(&actions), "file actions"); }
  ~Actions() { posix_spawn_file_actions_destroy(&actions); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  void open(int fd, const std::string& path, int flags) {
    check(posix_spawn_file_actions_addopen(&actions, fd, path.c_str(), flags, 0600), "addopen");
  }
};

pid_t spawn(const std::string& program, std::vector<std::string> arguments, const ChildOptions& options,
            const Actions& actions) {
  const std::string path = std::string(MLPBENCH_PROGRAM_DIR) + "/" + program;
  arguments.insert(arguments.begin(), path);
  std::vector<std::string> environment = environment_of(options);
  pid_t child = 0;
  check(posix_spawn(&child, path.c_str(), &actions.actions, nullptr, pointers(arguments).data(),
                    pointers(environment).data()),
        path.c_str());
  return child;
}

int wait_for(pid_t child, std::size_t* peak_bytes = nullptr) {
  int status = 0;
  rusage used{};
  while (wait4(child, &status, 0, &used) < 0) {
    if (errno != EINTR) check(errno, "wait4");
  }
  if (peak_bytes != nullptr) *peak_bytes = static_cast<std::size_t>(used.ru_maxrss) * 1024;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::size_t Finished::error_lines() const {
  return static_cast<std::size_t>(std::count(err.begin(), err.end(), '\n'));
}

Finished run(const std::string& program, std::vector<std::string> arguments, const ChildOptions& options) {
  const TemporaryFolder folder;
  const bool captured = options.stdout_file.empty();
  const std::string out = captured ? folder.file("out") : options.stdout_file;
  Actions actions;
  actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  actions.open(STDERR_FILENO, folder.file("err"), O_WRONLY | O_CREAT);
  if (options.close_stdout) {
    check(posix_spawn_file_actions_addclose(&actions.actions, STDOUT_FILENO), "addclose");
  } else {
    actions.open(STDOUT_FILENO, out, O_WRONLY | (captured ? O_CREAT : 0));
  }
  Finished result;
  result.exit_code = wait_for(spawn(program, std::move(arguments), options, actions), &result.peak_bytes);
  if (captured && !options.close_stdout) result.out = read_file(out);
  result.err = read_file(folder.file("err"));
  return result;
}

Interrupted run_and_interrupt(const std::string& program, std::vector<std::string> arguments, double seconds,
                              int signal, int second) {
  const TemporaryFolder folder;
  Actions actions;
  actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  actions.open(STDOUT_FILENO, folder.file("out"), O_WRONLY | O_CREAT);
  actions.open(STDERR_FILENO, folder.file("err"), O_WRONLY | O_CREAT);
  const pid_t child = spawn(program, std::move(arguments), {}, actions);
  // CPU time, because on a busy machine a second of the wall clock may not be enough to start.
  clockid_t clock{};
  check(clock_getcpuclockid(child, &clock), "clock_getcpuclockid");
  for (timespec used{}; clock_gettime(clock, &used) == 0;) {
    if (static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9 >= seconds) break;
    siginfo_t ended{};  // sooner than that; its clock then stands
    if (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid == child)
      break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  Interrupted result;
  const auto start = std::chrono::steady_clock::now();
  check(kill(child, signal) == 0 ? 0 : errno, "kill");
  if (second != 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    check(kill(child, second) == 0 ? 0 : errno, "kill");
  }
  result.finished.exit_code = wait_for(child);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.finished.out = read_file(folder.file("out"));
  result.finished.err = read_file(folder.file("err"));
  return result;
}

Finished run_after(const std::string& commands, const std::string& program, const std::string& arguments) {
  const std::string script =
      "ulimit -c 0\n" + commands + "\nexec " MLPBENCH_PROGRAM_DIR "/" + program + " " + arguments;
  const ChildResult child = run_child({"bash", "-c", script}, "");
  return {child.exit_code, child.output, child.errors};
}

Finished run_into_head(const std::string& program, std::vector<std::string> arguments, std::size_t bytes) {
  const TemporaryFolder folder;
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
  Actions actions;
  actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  actions.open(STDERR_FILENO, folder.file("err"), O_WRONLY | O_CREAT);
  check(posix_spawn_file_actions_adddup2(&actions.actions, ends[1], STDOUT_FILENO), "adddup2");
  const pid_t child = spawn(program, std::move(arguments), {}, actions);
  close(ends[1]);
  Finished result;
  result.out.resize(bytes);
  if (bytes > 0) {
    const ssize_t count = read(ends[0], result.out.data(), bytes);
    result.out.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  close(ends[0]);
  result.exit_code = wait_for(child);
  result.err = read_file(folder.file("err"));
  return result;
}

Finished run_on_terminal(const std::string& program, std::vector<std::string> arguments,
                         const ChildOptions& options) {
  const TemporaryFolder folder;
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  check(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0 ? 0 : errno, "posix_openpt");
  Actions actions;
  actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  actions.open(STDOUT_FILENO, folder.file("out"), O_WRONLY | O_CREAT);
  actions.open(STDERR_FILENO, ptsname(terminal), O_RDWR | O_NOCTTY);
  const pid_t child = spawn(program, std::move(arguments), options, actions);
  Finished result;
  std::array<char, 4096> chunk{};
  // Once the child has closed its side, reading ends with EIO.
  for (ssize_t count = 0; (count = read(terminal, chunk.data(), chunk.size())) > 0;) {
    result.err.append(chunk.data(), static_cast<std::size_t>(count));
  }
  close(terminal);
  result.exit_code = wait_for(child);
  result.out = read_file(folder.file("out"));
  return result;
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace mlpbench::test
