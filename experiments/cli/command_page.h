#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backends/added_backends.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace mlpbench {

/// An option, as far as a shell or a manual needs to know it.
struct OptionPage {
  std::vector<std::string> names;  ///< "-h", "--help"; of a positional argument what stands for it, "FILE"
  std::string about, group;
  std::string type;                ///< "N", "FILE", "NAME[,...]"; empty for a flag
  std::vector<std::string> words;  ///< the values that there are; empty when they cannot be listed
  bool positional = false, takes_value = false;

  bool takes_folder() const { return type == "FOLDER"; }
  bool takes_file() const { return type == "FILE" || (positional && words.empty()); }
  bool takes_list() const { return type.ends_with("[,...]"); }
};

/// A program, or a sub-command of one.
struct CommandPage {
  std::string name, about, footer;
  std::vector<OptionPage> options;
  std::vector<CommandPage> commands;
};

/// `text` between single quotes, as POSIX shells, bash and zsh read it.
std::string single_quoted(std::string_view text);

/// An argument as a shell takes it: quoted where it must be.
std::string shell_quoted(std::string_view argument);

/// Sets what the help shows for the value of `option`, and the words that it takes where they can be listed.
void set_type(CLI::Option& option, std::string_view type, const std::vector<std::string_view>& words = {});

/// Adds the options of backends/added_backends.h to a group of the help. Each may be given several times and
/// takes one value each time.
void add_backend_options(CLI::App& app, const std::string& group);

/// What was given of them.
AddedBackends added_backends(const CLI::App& app);

// Groups of options that only --help-all lists.
inline constexpr const char *kRarelyNeeded = "Rarely needed",
                            *kNetworkFiles = "Networks and checkpoints in files",
                            *kLearning = "Loss, initial weights, regularisation", *kOptimisers = "Optimisers",
                            *kSingleTrainers = "Single trainers",
                            *kOwnGroup = "Backends, networks and data of your own";

/// Adds --help-all to `app`.
CLI::Option* add_help_all(CLI::App& app);

/// The help of `app`, or of its sub-command that was parsed, of at most 80 columns. It has one blank line
/// between groups where CLI11 leaves two, because the page must fit a screen. Unless `all`, without the
/// groups above, which it takes out of `app`.
std::string help_page(CLI::App& app, bool all);

/// "; did you mean --quick?" for an option that `app` does not have, or nothing.
std::string suggested_option(const CLI::App& app, std::string_view wrong);

/// Everything that `app` offers, but what it hides from its help. The words of an option are those of
/// set_type(), or those that it checks for (CLI::IsMember).
CommandPage describe(const CLI::App& app);

// Scripts that complete the options of a program, their values where these can be listed or are files, and
// sub-commands. Each can be sourced, or put into the folder where the shell looks for completions.
std::string bash_completion(const CommandPage& page);
std::string zsh_completion(const CommandPage& page);
std::string fish_completion(const CommandPage& page);

/// The manual page of section 1 as roff source: everything that the help says, and the values that options
/// take. Nothing in it changes from build to build but `version`. A paragraph of the help's end that begins
/// with a heading ("Examples:") becomes a section.
std::string manual_page(const CommandPage& page, std::string_view version);

/// The option, hidden from the help, by which every program prints what a shell and a manual need to know of
/// it. The build calls it, and `mlpbench completion`.
inline constexpr const char* kShellFileOption = "--shell-file";

/// The completion script of `app` for "bash", "zsh" or "fish", or its manual page for "man". UserError for
/// another kind.
std::string shell_file(const CLI::App& app, std::string_view kind);

}  // namespace mlpbench
