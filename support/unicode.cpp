#include "support/unicode.h"

#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <iterator>

namespace mlpbench {
namespace {

struct CodeRange {
  char32_t first, last;
};

/// What is_shown() refuses above U+009F: general category Z but the blank, and Default_Ignorable_Code_Point
/// of Unicode's DerivedCoreProperties.txt.
constexpr CodeRange kNotShown[] = {
    {0xA0, 0xA0},     {0xAD, 0xAD},     {0x34F, 0x34F},     {0x61C, 0x61C},     {0x115F, 0x1160},
    {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x2000, 0x200F},   {0x2028, 0x202F},
    {0x205F, 0x206F}, {0x3000, 0x3000}, {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

/// The C library's tables of characters, independent of the user's locale; null where it has none.
locale_t utf8_locale() noexcept {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

}  // namespace

Character first_character(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (bytes == 0 || bytes > text.size()) return {lead, 1, false};
  char32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {lead, 1, false};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  const bool overlong = code < (bytes == 2 ? 0x80U : bytes == 3 ? 0x800U : 0x10000U);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {lead, 1, false};
  return {code, bytes, true};
}

bool is_shown(char32_t code) noexcept {
  if (code < 0xA0) return code >= 0x20 && code < 0x7F;
  const auto* const end = std::end(kNotShown);
  const auto* const range = std::lower_bound(std::begin(kNotShown), end, code,
                                             [](CodeRange r, char32_t value) { return r.last < value; });
  return range == end || code < range->first;
}

std::size_t display_width(std::string_view text) noexcept {
  const locale_t known = utf8_locale();
  const locale_t before = known != nullptr ? ::uselocale(known) : nullptr;
  std::size_t width = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    const int columns =
        next.code < 0x80 || !next.valid || known == nullptr ? 1 : ::wcwidth(static_cast<wchar_t>(next.code));
    width += columns < 0 ? 1 : static_cast<std::size_t>(columns);
    text.remove_prefix(next.bytes);
  }
  if (known != nullptr) ::uselocale(before);
  return width;
}

}  // namespace mlpbench
