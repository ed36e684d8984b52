#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace mlpbench {

/// `text` fit for a terminal and for one line: control characters as \xNN, and past `limit` bytes cut off
/// with "...".
std::string printable(std::string_view text, std::size_t limit = 60);

/// A path as printable() shows it, but whole: a path that is cut off can be neither found nor copied.
std::string printable_path(std::string_view path);

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
