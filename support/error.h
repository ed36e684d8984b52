#pragma once

#include <stdexcept>
#include <string>

namespace mlpbench {

/// The user asked for something that cannot be done: an option, a file or the data are wrong. The message is
/// one line that names the option and what it accepts, or the file, row and column. Programs end with exit
/// code 2.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A result is wrong: the loss became NaN or infinite, or a value left its tolerance. Exit code 4.
class WrongResult : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Exit codes of every program of the suite. One that a signal ended has InterruptFlag::exit_code(): 129, 130
/// or 143 for SIGHUP, SIGINT and SIGTERM.
enum ExitCode : int {
  kExitOk = 0,
  kExitRegressed = 1,
  kExitUsage = 2,
  kExitInconclusive = 3,
  kExitWrongResult = 4,
  kExitRankLost = 5,
};

}  // namespace mlpbench
