#pragma once

#include <sys/types.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlpbench {

/// Why a WorkerProcess does not answer, in words that follow its name: "did not answer for 5 s".
struct WorkerError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A program that answers lines with lines, for as long as the object lives. Its standard input and output
/// are one socket; what it writes to its standard error is kept for the words of an error. It leads a
/// process group of its own, so that the terminal's Ctrl-C does not reach it and nothing that it started
/// survives it.
class WorkerProcess {
 public:
  /// Starts a program of the PATH, without a shell, with `environment` added to this process's. Throws
  /// std::system_error when it cannot be started.
  WorkerProcess(const std::vector<std::string>& arguments,
                const std::vector<std::pair<std::string, std::string>>& environment);

  /// Kills what is left of the process group.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// Sends `request`, a line without its end, and returns the next line of the answer. Throws WorkerError
  /// when none comes within `seconds`, the program ends or writes an endless line, or `interrupt` becomes
  /// true.
  std::string ask(std::string_view request, double seconds, const std::atomic<bool>* interrupt = nullptr);

 private:
  void send(std::string_view text);
  [[noreturn]] void say_how_it_ended();

  int socket_ = -1, errors_ = -1;
  pid_t child_ = 0;  ///< 0: was waited for
  std::string received_;
};

}  // namespace mlpbench
