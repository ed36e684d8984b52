#include "support/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

extern char** environ;

namespace mlpbench {
namespace {

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

/// A file that only this process and its children see. Standard streams as files instead of pipes cannot
/// block: the child may write all it likes before it has read its input.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name) : fd_(::memfd_create(name, MFD_CLOEXEC)) {
    if (fd_ < 0) fail(errno, "memfd_create");
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int fd() const noexcept { return fd_; }

  void fill(std::string_view content) {
    for (std::size_t done = 0; done < content.size();) {
      const ssize_t written =
          ::pwrite(fd_, content.data() + done, content.size() - done, static_cast<off_t>(done));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(errno, "writing a program's input");
      done += static_cast<std::size_t>(written);
    }
  }

  std::string content() const {
    std::string text;
    std::array<char, 1 << 16> chunk{};
    for (;;) {
      const ssize_t count = ::pread(fd_, chunk.data(), chunk.size(), static_cast<off_t>(text.size()));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(errno, "reading a program's output");
      if (count == 0) return text;
      text.append(chunk.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  int fd_;
};

/// What posix_spawn must know: the three streams, and that the child gets the usual answer to the signals
/// that this process ignores (StandardOutput::prepare()).
class SpawnSettings {
 public:
  SpawnSettings(const MemoryFile& in, const MemoryFile& out, const MemoryFile& err) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t defaults;
    ::sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGXFSZ}) ::sigaddset(&defaults, signal);
    int error = ::posix_spawn_file_actions_adddup2(&actions_, in.fd(), STDIN_FILENO);
    if (error == 0) error = ::posix_spawn_file_actions_adddup2(&actions_, out.fd(), STDOUT_FILENO);
    if (error == 0) error = ::posix_spawn_file_actions_adddup2(&actions_, err.fd(), STDERR_FILENO);
    if (error == 0) error = ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    if (error == 0) error = ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    error_ = error;
  }
  ~SpawnSettings() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  pid_t spawn(const std::vector<std::string>& arguments) const {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t child = 0;
    const int error =
        error_ != 0 ? error_ : ::posix_spawnp(&child, argv[0], &actions_, &attributes_, argv.data(), environ);
    if (error != 0) fail(error, arguments.front().c_str());
    return child;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  int error_ = 0;
};

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail(errno, "waitpid");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ChildResult run_child(const std::vector<std::string>& arguments, std::string_view input) {
  MemoryFile in("input");
  const MemoryFile out("output"), err("errors");
  in.fill(input);
  const SpawnSettings settings(in, out, err);
  ChildResult result;
  result.exit_code = wait_for(settings.spawn(arguments));
  result.output = out.content();
  result.errors = err.content();
  return result;
}

bool is_installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  for (std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;;) {
    const std::size_t colon = rest.find(':');
    const std::string_view folder = rest.substr(0, colon);
    const std::string file = (folder.empty() ? "." : std::string(folder)) + "/" + program;
    if (::access(file.c_str(), X_OK) == 0) return true;
    if (colon == std::string_view::npos) return false;
    rest.remove_prefix(colon + 1);
  }
}

}  // namespace mlpbench
