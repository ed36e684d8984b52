#pragma once

#include <span>
#include <string>

namespace mlpbench {

/// A command line as a shell takes it, for the report: what needs quotes has them. --output is left out and
/// paths of the program and of --config are shortened to their names, since they may name a user.
std::string command_text(std::span<const char* const> arguments);

}  // namespace mlpbench
