#pragma once

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace mlpbench {

class StandardOutput;

/// `mlpbench report RESULTS.json`: its options, and what it does.
class ReportCommand {
 public:
  /// Adds the sub-command to `app`, which must outlive this object.
  explicit ReportCommand(CLI::App& app);
  ~ReportCommand();

  bool parsed() const;

  /// Reads the results, writes the files that were asked for, or else prints the table. Returns the exit
  /// code; UserError for options and files.
  int run(StandardOutput& output) const;

 private:
  struct Values;
  std::unique_ptr<Values> values_;
  CLI::App* command_;
};

}  // namespace mlpbench
