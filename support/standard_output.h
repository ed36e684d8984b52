#pragma once

#include <functional>
#include <string_view>

namespace mlpbench {

/// Whether a path that names an output is the word for standard output.
inline bool is_standard_output(std::string_view path) noexcept { return path == "-"; }

/// Standard output that may be closed, full, or a pipe whose reader has left, without taking the program
/// down before its files are written.
class StandardOutput {
 public:
  /// Opens the standard streams that the caller has closed, so that no file of ours gets their numbers.
  /// Ignores SIGPIPE and SIGXFSZ: a reader that left and a full quota are errors of write(). Once, at the
  /// start of main.
  static void prepare();

  /// Calls `print`, which writes to stdout, and flushes. A failed write is remembered, and nothing more is
  /// printed.
  void print(const std::function<void()>& print);

  /// Throws UserError when a write failed. A reader that left early (`| head`) is not an error.
  void finish() const;

 private:
  int error_ = 0;
};

}  // namespace mlpbench
