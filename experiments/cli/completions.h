#pragma once

#include <string>

#include "experiments/cli/command_page.h"

namespace mlpbench {

// Scripts that complete the options of a program, their values where these can be listed or are files, and
// sub-commands. Each can be sourced, or put into the folder where the shell looks for completions.

std::string bash_completion(const CommandPage& page);
std::string zsh_completion(const CommandPage& page);
std::string fish_completion(const CommandPage& page);

}  // namespace mlpbench
