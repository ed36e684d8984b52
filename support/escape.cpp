#include "support/escape.h"

#include "support/text.h"

namespace mlpbench {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string markdown_escaped(std::string_view text, std::size_t limit) {
  const std::string shown = printable(text, limit);
  const auto in_word = [&](std::size_t i) { return i < shown.size() && is_word(shown[i]); };
  std::string escaped;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    // A bracket makes a link only with what follows it; an underscore inside of a word makes nothing.
    const bool link = c == ']' && i + 1 < shown.size() && std::string_view("([:").find(shown[i + 1]) != kNone;
    const bool emphasis = c == '_' && !(i > 0 && in_word(i - 1) && in_word(i + 1));
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else {
      if (link || emphasis || std::string_view("`*\\#~").find(c) != kNone) escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

std::string xml_escaped(std::string_view text, std::size_t limit) {
  std::string escaped;
  for (const char c : printable(text, limit)) {
    switch (c) {
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '&':
        escaped += "&amp;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string slug(std::string_view text) {
  std::string slug;
  bool gap = false;
  for (const char c : text) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool plain = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
    if (plain && gap && !slug.empty()) slug += '-';
    if (plain) slug += small;
    gap = !plain;
    if (slug.size() >= 60) break;
  }
  return slug.empty() ? "-" : slug;
}

}  // namespace mlpbench
