#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace mlpbench {

/// The option, hidden from the help, by which every program prints what a shell and a manual need to know of
/// it. The build calls it, and `mlpbench completion`.
inline constexpr const char* kShellFileOption = "--shell-file";

/// The completion script of `app` for "bash", "zsh" or "fish", or its manual page for "man". UserError for
/// another kind.
std::string shell_file(const CLI::App& app, std::string_view kind);

/// Gives `app`, which must outlive its parse(), the option; it answers as --version does (help_page.h).
void offer_shell_file(CLI::App& app);

}  // namespace mlpbench
