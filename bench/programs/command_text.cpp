#include <algorithm>
#include <filesystem>
#include <string_view>

#include "bench/programs/commands.h"
#include "experiments/cli/command_page.h"

namespace mlpbench {
namespace {

std::string name_of(std::string_view path) { return std::filesystem::path(path).filename(); }

}  // namespace

std::string command_text(std::span<const char* const> arguments) {
  std::string text;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const std::string_view option = argument.substr(0, equals);
    const bool takes_next = equals == argument.size() && i + 1 < arguments.size();
    if (i == 0) {
      text = shell_quoted(name_of(argument));
    } else if (option == "--output") {
      i += takes_next ? 1 : 0;
    } else if (option == "--config") {
      const std::string_view file =
          takes_next ? arguments[++i] : argument.substr(std::min(equals + 1, argument.size()));
      text += " --config " + shell_quoted(name_of(file));
    } else {
      text += " " + shell_quoted(argument);
    }
  }
  return text;
}

}  // namespace mlpbench
