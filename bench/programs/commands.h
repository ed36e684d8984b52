// The sub-commands of mlpbench, each in a file of its name.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "support/terminal.h"

namespace CLI {
class App;
}

namespace mlpbench {

class StandardOutput;

/// A sub-command that has been added to the program. `run` does what it was asked for once it was parsed, and
/// returns the exit code; UserError for options and files.
struct Command {
  CLI::App* app;
  std::function<int(StandardOutput&)> run;
};

/// The options of a command that prints tables: --wide, --color.
class TerminalOptions {
 public:
  /// Adds them to `app`, which this object must outlive.
  void add_to(CLI::App& app, const char* group);

  Terminal standard_output() const { return standard_terminal(wide_, color_); }

 private:
  bool wide_ = false;
  std::string color_ = "auto";
};

// Each adds its sub-command to `app`, which must outlive it.

/// `mlpbench run`: measures the selected cases, writes the files of --output, prints the table; or only says
/// what would be measured. `typed` is the command line, for the report.
Command run_command(CLI::App& app, const std::string& typed);

/// `mlpbench list`: names the selected cases.
Command list_command(CLI::App& app);

/// `mlpbench compare BASE CANDIDATE`: compares, writes the files that were asked for, appends the Markdown to
/// the file that GITHUB_STEP_SUMMARY names, prints the table.
Command compare_command(CLI::App& app);

/// `mlpbench report RESULTS`: writes the files that were asked for, or else prints the table.
Command report_command(CLI::App& app);

/// `mlpbench history FOLDER`: keeps results, prints the trends of each machine, writes the trend page.
Command history_command(CLI::App& app);

/// `mlpbench completion SHELL`: prints the scripts of this program and of those that lie beside it, one after
/// the other.
Command completion_command(CLI::App& app);

/// `mlpbench rank`: one of the processes that Launcher starts. Not a command for people, and not in the help.
int train_as_rank(int argc, char** argv);

/// A command line as a shell takes it, for the report: what needs quotes has them. --output is left out and
/// paths of the program and of --config are shortened to their names, since they may name a user.
std::string command_text(std::span<const char* const> arguments);

}  // namespace mlpbench
