#pragma once

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace mlpbench {

class StandardOutput;
struct RunOptions;

/// `mlpbench run`, and `mlpbench list` for the same cases: their options, and what they do.
class RunCommand {
 public:
  /// Adds both sub-commands to `app`, which must outlive this object.
  explicit RunCommand(CLI::App& app);
  ~RunCommand();

  bool parsed() const;

  /// Measures the selected cases, writes the files of --output, prints the table; or only says what would be
  /// measured. `command` is the command line, for the report. Returns the exit code; UserError for options,
  /// configuration and files.
  int run(const std::string& command, StandardOutput& output) const;

 private:
  struct Values;

  /// Of the command line, the environment and the configuration file.
  RunOptions resolved_options(const std::string& command) const;
  int measure_all(RunOptions options, StandardOutput& output) const;

  std::unique_ptr<Values> values_;
  CLI::App *run_, *list_;
};

}  // namespace mlpbench
