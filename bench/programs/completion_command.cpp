#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "bench/programs/commands.h"
#include "experiments/cli/command_page.h"
#include "support/child_process.h"
#include "support/error.h"
#include "support/program_folder.h"
#include "support/standard_output.h"

namespace mlpbench {

namespace {

/// UserError when a program does not answer.
int print_scripts(const CLI::App& app, const std::string& shell, StandardOutput& output) {
  std::string scripts;
  std::istringstream programs(MLPBENCH_PROGRAMS);
  for (std::string program; programs >> program;) {
    const std::filesystem::path path = program_folder() / program;
    if (program == app.get_name()) {
      scripts += shell_file(app, shell);
    } else if (std::filesystem::exists(path)) {
      const ChildResult child = run_child({path.string(), kShellFileOption, shell}, "");
      if (child.exit_code != 0) throw UserError(fmt::format("{}: {}", path.string(), child.errors));
      scripts += child.output;
    }
  }
  output.print([&] { fmt::print("{}", scripts); });
  return kExitOk;
}

}  // namespace

Command completion_command(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "print the completions for a shell");
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer(
      "Examples:\n"
      "  source <(mlpbench completion bash)        in this shell; in ~/.bashrc for all\n"
      "  source <(mlpbench completion zsh)         after compinit, in ~/.zshrc\n"
      "  mlpbench completion fish | source         in ~/.config/fish/config.fish\n"
      "\n"
      "cmake --install puts the scripts where the shells look for them.");
  return {command, [&app, shell](StandardOutput& output) { return print_scripts(app, *shell, output); }};
}

}  // namespace mlpbench
