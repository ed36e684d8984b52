#include "core/data/missing.h"

#include <algorithm>

#include "support/text.h"

namespace mlpbench {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The number of digits that `text` begins with, which are taken away.
std::size_t take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

/// Digits, one comma, digits.
bool has_decimal_comma(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (take_digits(text) == 0 || !text.starts_with(',')) return false;
  text.remove_prefix(1);
  return take_digits(text) > 0 && text.empty();
}

}  // namespace

std::vector<std::string_view> missing_words() { return {"refuse", "drop", "mean", "median"}; }

bool is_missing(std::string_view cell) noexcept {
  constexpr std::string_view kWords[] = {"",    "?",   "NA",   "N/A",  "n/a",  "#N/A", "<NA>",
                                         "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None"};
  return std::find(std::begin(kWords), std::end(kWords), cell) != std::end(kWords);
}

bool looks_like_date(std::string_view cell) noexcept {
  std::string_view rest = cell;
  const std::size_t first = take_digits(rest);
  if (rest.empty() || std::string_view("-/.").find(rest.front()) == std::string_view::npos) return false;
  const char separator = rest.front();
  rest.remove_prefix(1);
  const std::size_t second = take_digits(rest);
  if (!rest.starts_with(separator)) return false;
  rest.remove_prefix(1);
  const std::size_t third = take_digits(rest);
  const auto one_or_two = [](std::size_t digits) { return digits == 1 || digits == 2; };
  const bool year_first = first == 4 && one_or_two(third);
  const bool year_last = one_or_two(first) && (third == 2 || third == 4);
  return one_or_two(second) && (year_first || year_last) &&
         (rest.empty() || rest.front() == ' ' || rest.front() == 'T');
}

std::string missing_text(std::span<const MissingCells> columns) {
  constexpr std::size_t kShown = 5;
  const auto shown = columns.first(std::min(columns.size(), kShown));
  std::string text = listed(shown, [](const MissingCells& cells) {
    return std::to_string(cells.count) + " in " + printable(cells.column);
  });
  if (columns.size() > kShown) text += " and " + std::to_string(columns.size() - kShown) + " more columns";
  return text;
}

UserError not_a_feature(const CsvTable& table, std::size_t row, std::size_t column, CellKind kind) {
  const std::string_view cell = table.cell(row, column);
  const std::string option = table.option_value(column);
  std::string hint;
  if (is_missing(cell)) {
    hint = "; --missing drop, mean or median takes it for a missing value";
  } else if (looks_like_date(cell)) {
    hint = ", it looks like a date; --drop " + option + " leaves the column out";
  } else if (table.decimal() == '.' && table.delimiter() != ',' && has_decimal_comma(cell)) {
    hint = "; --decimal , reads a decimal comma";
  } else if (printable(cell) != cell) {
    hint = "; numbers have no such characters";
  } else if (kind == CellKind::text) {
    hint = "; --categorical " + option + " takes the column for names, --drop " + option + " leaves it out";
  }
  return not_a_number(table, row, column, kind, hint);
}

}  // namespace mlpbench
