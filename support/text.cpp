#include "support/text.h"

#include "support/unicode.h"

namespace mlpbench {
namespace {

/// The characters that `keep` takes, and the bytes of all others as \xNN.
template <typename Keep>
std::string with_escapes(std::string_view text, Keep keep) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string shown;
  while (!text.empty()) {
    const Character next = first_character(text);
    const std::string_view bytes = text.substr(0, next.bytes);
    if (keep(next)) {
      shown += bytes;
    } else {
      for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        shown.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
      }
    }
    text.remove_prefix(next.bytes);
  }
  return shown;
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  const bool cut = text.size() > limit;
  if (cut) {
    // Not inside a UTF-8 sequence: its later bytes are 10xxxxxx.
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
    text = text.substr(0, limit);
  }
  const std::string shown = with_escapes(text, [](const Character& c) { return c.valid && is_shown(c.code); });
  return cut ? shown + "..." : shown;
}

std::string printable_ends(std::string_view text, std::size_t ends) {
  if (text.size() <= 2 * ends + 3) return printable_path(text);
  std::size_t last = text.size() - ends;
  while (last < text.size() && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) ++last;
  return printable(text, ends) + printable_path(text.substr(last));
}

std::string printable_lines(std::string_view text) {
  std::string shown;
  for (;;) {
    const std::size_t end = text.find('\n');
    shown += printable_path(text.substr(0, end));
    if (end == std::string_view::npos) return shown;
    shown += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string utf8(std::string_view text) {
  return with_escapes(text, [](const Character& c) { return c.valid; });
}

std::string printable_path(std::string_view path) { return printable(path, std::string_view::npos); }

}  // namespace mlpbench
