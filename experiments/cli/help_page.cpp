#include "experiments/cli/help_page.h"

#include <CLI/CLI.hpp>

namespace mlpbench {

std::string help_page(const CLI::App& app) {
  std::string text = app.help();
  for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

std::string answer(const CLI::App& app, const CLI::Success& asked) {
  return asked.get_name() == "CallForHelp" ? help_page(app) : std::string(asked.what()) + "\n";
}

}  // namespace mlpbench
