#pragma once

#include <string>
#include <string_view>

namespace mlpbench {

/// `text` fit for a terminal and for one line: control characters as \xNN, and past `limit` bytes cut off
/// with "...".
std::string printable(std::string_view text, std::size_t limit = 60);

/// A path as printable() shows it, but whole: a path that is cut off can be neither found nor copied.
std::string printable_path(std::string_view path);

}  // namespace mlpbench
