#include "support/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "support/clock.h"
#include "support/text.h"

extern char** environ;

namespace mlpbench {
namespace {

constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;
constexpr double kPollMilliseconds = 100.0;

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    if (std::none_of(added.begin(), added.end(), [&](const auto& one) { return one.first == name; }))
      all.emplace_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

/// The streams of the child, a process group of its own, and the usual answer to signals.
struct SpawnSettings {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  SpawnSettings(int streams, int errors) {
    sigset_t defaults, none;
    ::sigemptyset(&none), ::sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&defaults, signal);
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, streams, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, streams, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnSettings() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

/// The last line that is not empty, of the last 4 KiB of a file.
std::string last_line(int file) {
  std::array<char, 4096> tail{};
  const off_t size = ::lseek(file, 0, SEEK_END);
  const ssize_t count =
      ::pread(file, tail.data(), tail.size(), std::max<off_t>(0, size - static_cast<off_t>(tail.size())));
  std::string text(tail.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  while (!text.empty() && std::string_view("\n\r ").find(text.back()) != std::string_view::npos)
    text.pop_back();
  return printable(text.substr(text.rfind('\n') + 1), 200);
}

}  // namespace

WorkerProcess::WorkerProcess(const std::vector<std::string>& arguments,
                             const std::vector<std::pair<std::string, std::string>>& environment) {
  std::vector<std::string> words = arguments, variables = environment_with(environment);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) check(errno, "socketpair");
  socket_ = ends[0];
  errors_ = ::memfd_create("errors", MFD_CLOEXEC);
  const SpawnSettings settings(ends[1], errors_);
  const int error = ::posix_spawnp(&child_, words.front().c_str(), &settings.actions, &settings.attributes,
                                   pointers(words).data(), pointers(variables).data());
  ::close(ends[1]);
  if (error == 0) return;
  ::close(socket_), ::close(errors_);
  check(error, words.front());
}

WorkerProcess::~WorkerProcess() {
  if (child_ != 0) {
    ::kill(-child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  ::close(socket_), ::close(errors_);
}

void WorkerProcess::send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return;  // it has ended: what it wrote before can still be read
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string WorkerProcess::ask(std::string_view request, double seconds, const std::atomic<bool>* interrupt) {
  send(std::string(request) + "\n");
  const Clock::time_point start = Clock::now();
  std::array<char, 1 << 16> chunk;
  for (std::size_t searched = 0;;) {
    const std::size_t end = received_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    searched = received_.size();
    if (searched > kMaxLineBytes) throw WorkerError("wrote a line longer than 64 MiB");
    if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed))
      throw WorkerError("was interrupted");
    const double left = seconds - seconds_since(start);
    if (left <= 0.0) throw WorkerError(fmt::format("did not answer for {:g} s", seconds));
    pollfd readable{socket_, POLLIN, 0};
    const double wait = std::min(kPollMilliseconds, left * 1000.0 + 1.0);
    if (::poll(&readable, 1, static_cast<int>(wait)) <= 0) continue;
    const ssize_t count = ::recv(socket_, chunk.data(), chunk.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) say_how_it_ended();
    received_.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

void WorkerProcess::say_how_it_ended() {
  // It may have closed its output alone, and go on for ever.
  int status = 0;
  pid_t ended = 0;
  for (const Clock::time_point start = Clock::now(); ended == 0 && seconds_since(start) < 1.0;) {
    ended = ::waitpid(child_, &status, WNOHANG);
    if (ended == 0) ::poll(nullptr, 0, 1);
  }
  if (ended == 0) throw WorkerError("closed its output");
  ::kill(-child_, SIGKILL);
  child_ = 0;
  const std::string words = last_line(errors_);
  const std::string how = WIFSIGNALED(status) ? fmt::format("was ended by signal {}", WTERMSIG(status))
                                              : fmt::format("ended with exit code {}", WEXITSTATUS(status));
  throw WorkerError(how + (words.empty() ? "" : ": " + words));
}

}  // namespace mlpbench
