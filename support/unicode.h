#pragma once

#include <cstddef>
#include <string_view>

namespace mlpbench {

/// A character at the beginning of UTF-8 text.
struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;  ///< false: the first byte begins no character, and `bytes` is 1
};

/// The first character of `text`, which must not be empty. Overlong forms, surrogates and values above
/// U+10FFFF are not valid.
Character first_character(std::string_view text) noexcept;

/// Whether a terminal shows the character as itself and in its place. False for control characters (C0, DEL,
/// C1), blanks other than U+0020, line separators and direction marks. Also false for all that Unicode calls
/// default-ignorable: zero-width blanks and joiners, variation selectors, tags.
bool is_shown(char32_t code) noexcept;

/// The columns that a terminal uses for UTF-8 text. A character of East Asian width or an emoji has 2, a
/// combining mark 0, all others 1. A byte that is not UTF-8 takes 1. The C library knows the characters.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace mlpbench
