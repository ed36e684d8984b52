#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

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

  bool has_positional() const;
};

/// Everything that `app` offers, but what it hides from its help. The values of an option are those that it
/// checks for (CLI::IsMember), or those that the suite's registries hold for an option of that name.
CommandPage describe(const CLI::App& app);

}  // namespace mlpbench
