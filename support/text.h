#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlpbench {

/// `text` fit for a terminal, for one line and for any reader of UTF-8. Bytes that are not UTF-8, and
/// characters that is_shown() refuses (support/unicode.h), become \xNN. Text past `limit` bytes is cut off
/// with "...".
std::string printable(std::string_view text, std::size_t limit = 60);

/// A path as printable() shows it, but whole: a path that is cut off can be neither found nor copied.
std::string printable_path(std::string_view path);

/// Whole, or where it is longer its first and its last `ends` bytes with "..." between them: names that
/// differ at either end stay apart.
std::string printable_ends(std::string_view text, std::size_t ends);

/// Whole lines, each as printable() shows it.
std::string printable_lines(std::string_view text);

/// The text with the bytes that are not UTF-8 as \xNN and all else as it is: for a record.
std::string utf8(std::string_view text);

/// Lines of at most `width` columns, broken at blanks; all but the first begin with `indent`. A word that is
/// longer has a line of its own.
std::string wrapped(std::string_view text, std::size_t width, std::string_view indent = "");

/// "; did you mean --quick?" where one of `words` differs from `word` in a third of its letters at most, the
/// nearest; else nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& words);

/// What `text`, a function or a member, makes of the entries of a list, between commas; `none` of an empty
/// list.
template <typename List, typename Text = std::identity>
std::string listed(const List& list, Text text = {}, const char* none = "") {
  std::string all;
  for (bool first = true; const auto& entry : list) {
    if (!std::exchange(first, false)) all += ", ";
    all += std::invoke(text, entry);
  }
  return all.empty() ? none : all;
}

}  // namespace mlpbench
