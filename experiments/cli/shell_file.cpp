#include "experiments/cli/shell_file.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "experiments/cli/completions.h"
#include "experiments/cli/manual_page.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {

std::string shell_file(const CLI::App& app, std::string_view kind) {
  const CommandPage page = describe(app);
  if (kind == "bash") return bash_completion(page);
  if (kind == "zsh") return zsh_completion(page);
  if (kind == "fish") return fish_completion(page);
  if (kind == "man") return manual_page(page, MLPBENCH_VERSION);
  throw UserError(
      fmt::format("{}: '{}' is not one of bash, zsh, fish, man", kShellFileOption, printable(kind)));
}

void offer_shell_file(CLI::App& app) {
  app.add_option_function<std::string>(kShellFileOption,
                                       [&app](const std::string& kind) {
                                         std::string text = shell_file(app, kind);
                                         text.pop_back();  // answer() ends the line
                                         throw CLI::CallForVersion(text, 0);
                                       })
      ->group("");
}

}  // namespace mlpbench
