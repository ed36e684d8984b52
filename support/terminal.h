#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace mlpbench {

/// What a text is written for. By default a file: lines of any length, no colours.
struct Terminal {
  std::size_t columns = std::numeric_limits<std::size_t>::max();
  bool color = false;
};

/// Columns of the terminal of a file descriptor, where it is one that says so.
std::optional<std::size_t> columns_of(int descriptor);

/// Whether a file descriptor is a terminal that can erase and colour: TERM is set and not "dumb".
bool is_terminal(int descriptor);

/// The text in green for "good" and in red for "bad", where the terminal has colours.
std::string painted(std::string_view text, std::string_view tone, const Terminal& terminal);

/// Standard output: as wide as COLUMNS says, else the terminal; unlimited with `wide` and where it is no
/// terminal. `color` is "always", "never" or "auto": on a terminal, unless NO_COLOR is set.
Terminal standard_terminal(bool wide, std::string_view color);

}  // namespace mlpbench
