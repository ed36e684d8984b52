#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace mlpbench::test {

/// A program that has run.
struct Finished {
  int exit_code = 0;  ///< 128 + signal when a signal ended it
  std::string out, err;
  std::size_t peak_bytes = 0;  ///< the most physical memory that it held at once; only run() fills it

  /// Of stderr.
  std::size_t error_lines() const;
};

struct ChildOptions {
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< in addition to ours
  std::string stdout_file = {};                                       ///< instead of being captured
  bool close_stdout = false;                                          ///< the program starts without a file 1
};

/// Runs an experiment program of this build to its end. The environment is that of the test, without the
/// variables that change what programs print.
Finished run(const std::string& program, std::vector<std::string> arguments,
             const ChildOptions& options = {});

/// A program that was sent a signal.
struct Interrupted {
  Finished finished;
  double seconds = 0.0;  ///< from the signal to the end
};

/// Runs a program and sends it `signal` after it has run for `seconds` of CPU time. Sends `second`, unless it
/// is 0, a twentieth of a second later.
Interrupted run_and_interrupt(const std::string& program, std::vector<std::string> arguments, double seconds,
                              int signal, int second = 0);

/// Runs a program of this build in place of a bash that has run `commands`, such as limits.
Finished run_after(const std::string& commands, const std::string& program, const std::string& arguments);

/// The same with stdout on a pipe whose reader leaves after the first `bytes`.
Finished run_into_head(const std::string& program, std::vector<std::string> arguments, std::size_t bytes);

/// The same with stderr on a terminal; `err` is what the terminal received.
Finished run_on_terminal(const std::string& program, std::vector<std::string> arguments,
                         const ChildOptions& options);

/// The elements of both, one after the other.
std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second);

}  // namespace mlpbench::test
