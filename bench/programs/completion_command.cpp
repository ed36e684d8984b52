#include "bench/programs/completion_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "experiments/cli/shell_file.h"
#include "experiments/files.h"
#include "support/child_process.h"
#include "support/error.h"
#include "support/standard_output.h"

namespace mlpbench {

CompletionCommand::CompletionCommand(CLI::App& app) : app_(app) {
  command_ = app.add_subcommand("completion", "print what completes options and values in a shell");
  command_->add_option("SHELL", shell_, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command_->footer(
      "Examples:\n"
      "  source <(mlpbench completion bash)        in this shell; in ~/.bashrc for all\n"
      "  source <(mlpbench completion zsh)         after compinit, in ~/.zshrc\n"
      "  mlpbench completion fish | source         in ~/.config/fish/config.fish\n"
      "\n"
      "cmake --install puts the scripts where the shells look for them.");
}

bool CompletionCommand::parsed() const { return command_->parsed(); }

int CompletionCommand::run(StandardOutput& output) const {
  std::string scripts;
  std::istringstream programs(MLPBENCH_PROGRAMS);
  for (std::string program; programs >> program;) {
    const std::filesystem::path path = program_folder() / program;
    if (program == app_.get_name()) {
      scripts += shell_file(app_, shell_);
    } else if (std::filesystem::exists(path)) {
      const ChildResult child = run_child({path.string(), kShellFileOption, shell_}, "");
      if (child.exit_code != 0) throw UserError(fmt::format("{}: {}", path.string(), child.errors));
      scripts += child.output;
    }
  }
  output.print([&] { fmt::print("{}", scripts); });
  return kExitOk;
}

}  // namespace mlpbench
