#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace mlpbench {

class StandardOutput;

/// `mlpbench compare BASE CANDIDATE`: its options, and what it does.
class CompareCommand {
 public:
  /// Adds the sub-command to `app`, which must outlive this object.
  explicit CompareCommand(CLI::App& app);
  ~CompareCommand();

  bool parsed() const;

  /// Compares, writes the files that were asked for, appends the Markdown to the file that
  /// GITHUB_STEP_SUMMARY names, prints the table. Returns the exit code; UserError for options and files.
  int run(StandardOutput& output) const;

 private:
  struct Values;
  std::unique_ptr<Values> values_;
  CLI::App* command_;
};

}  // namespace mlpbench
