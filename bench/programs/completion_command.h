#pragma once

#include <string>

namespace CLI {
class App;
}

namespace mlpbench {

class StandardOutput;

/// `mlpbench completion SHELL`: the completion scripts of all programs of the suite.
class CompletionCommand {
 public:
  /// Adds the sub-command to `app`, which must outlive this object.
  explicit CompletionCommand(CLI::App& app);

  bool parsed() const;

  /// Prints the script of this program and of those that lie beside it, one after the other. Returns the exit
  /// code; UserError when one of them does not answer.
  int run(StandardOutput& output) const;

 private:
  std::string shell_;
  const CLI::App& app_;
  CLI::App* command_;
};

}  // namespace mlpbench
