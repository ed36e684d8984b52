#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mlpbench {

struct ChildResult {
  int exit_code = 0;  ///< 128 + the signal's number when a signal ended it
  std::string output;
  std::string errors;
};

/// Runs a program of the PATH, without a shell, with `input` as its standard input, and waits for it. Throws
/// std::system_error when it cannot be started.
ChildResult run_child(const std::vector<std::string>& arguments, std::string_view input);

/// Whether the PATH has an executable file of that name.
bool is_installed(const std::string& program);

}  // namespace mlpbench
