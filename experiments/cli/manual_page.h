#pragma once

#include <string>
#include <string_view>

#include "experiments/cli/command_page.h"

namespace mlpbench {

/// The manual page of section 1 as roff source: everything that the help says, and the values that options
/// take. Nothing in it changes from build to build but `version`. A paragraph of the help's end that begins
/// with a heading ("Examples:") becomes a section.
std::string manual_page(const CommandPage& page, std::string_view version);

}  // namespace mlpbench
