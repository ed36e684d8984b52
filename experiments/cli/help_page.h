#pragma once

#include <string>

namespace CLI {
class App;
class Success;
}  // namespace CLI

namespace mlpbench {

/// The help of `app`, or of its sub-command that was parsed, with one blank line between groups where CLI11
/// leaves two: the page is to fit a screen.
std::string help_page(const CLI::App& app);

/// What answers --help, --version and their like, which CLI11 throws: whole lines for stdout.
std::string answer(const CLI::App& app, const CLI::Success& asked);

}  // namespace mlpbench
