#include "support/text.h"

#include <algorithm>
#include <numeric>

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

/// Letters to insert, remove, replace or swap with the next one (Damerau; each letter is moved once at most).
std::size_t edits(std::string_view one, std::string_view other) {
  std::vector<std::size_t> before, last, row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= one.size(); ++i) {
    before = std::move(last);
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const bool same = one[i - 1] == other[j - 1];
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string lines;
  std::size_t place = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' ', 1), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    if (place > 0 && place + display_width(word) > width) {
      lines.append("\n").append(indent);
      word.remove_prefix(1);
      place = display_width(indent);
    }
    lines += word;
    place += display_width(word);
  }
  return lines;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& words) {
  const auto distance = [&](const std::string& other) { return edits(word, other); };
  const auto nearest = std::ranges::min_element(words, {}, distance);
  if (nearest == words.end() || 3 * distance(*nearest) > std::max<std::size_t>(3, word.size())) return "";
  return "; did you mean " + *nearest + "?";
}

std::string printable(std::string_view text, std::size_t limit) {
  const bool cut = text.size() > limit;
  if (cut) {
    // Not inside a UTF-8 sequence: its later bytes are 10xxxxxx.
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
    text = text.substr(0, limit);
  }
  const std::string shown =
      with_escapes(text, [](const Character& c) { return c.valid && is_shown(c.code); });
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
