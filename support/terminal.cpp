#include "support/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace mlpbench {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// What COLUMNS says; 0 for nothing, or no sensible number.
std::size_t columns_variable() {
  std::size_t columns = 0;
  for (const char digit : variable("COLUMNS")) {
    if (digit < '0' || digit > '9' || columns > 10'000) return 0;
    columns = 10 * columns + static_cast<std::size_t>(digit - '0');
  }
  return columns;
}

}  // namespace

std::optional<std::size_t> columns_of(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

bool is_terminal(int descriptor) {
  const std::string_view terminal = variable("TERM");
  return ::isatty(descriptor) != 0 && !terminal.empty() && terminal != "dumb";
}

std::string painted(std::string_view text, std::string_view tone, const Terminal& terminal) {
  if (!terminal.color || (tone != "good" && tone != "bad")) return std::string(text);
  return std::string(tone == "good" ? "\x1b[32m" : "\x1b[31m").append(text).append("\x1b[0m");
}

Terminal standard_terminal(bool wide, std::string_view color) {
  Terminal terminal;
  if (const std::size_t stated = columns_variable(); !wide && stated > 0) {
    terminal.columns = stated;
  } else if (!wide) {
    terminal.columns = columns_of(STDOUT_FILENO).value_or(terminal.columns);
  }
  terminal.color =
      color == "always" || (color == "auto" && variable("NO_COLOR").empty() && is_terminal(STDOUT_FILENO));
  return terminal;
}

}  // namespace mlpbench
