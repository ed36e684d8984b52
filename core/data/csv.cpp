#include "core/data/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <system_error>

#include "core/data/csv_parser.h"
#include "support/input_file.h"
#include "support/text.h"

namespace mlpbench {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

CellKind read_number(std::string_view text, double& value) noexcept {
  if (text.empty()) return CellKind::empty;
  // from_chars takes no '+'; without this check "+-1" would be -1.
  if (text.front() == '+' && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  double read = 0.0;
  const auto [stop, code] = std::from_chars(text.data(), end, read);
  if (code == std::errc::invalid_argument || stop != end) return CellKind::text;
  if (code == std::errc::result_out_of_range) return CellKind::out_of_range;
  if (!std::isfinite(read)) return CellKind::not_finite;
  value = read;
  return CellKind::number;
}

/// A number with a decimal comma; a point in it would separate thousands.
CellKind read_with_comma(std::string_view text, double& value) noexcept {
  constexpr std::size_t kMost = 400;  // more digits than any double needs
  char buffer[kMost];
  if (text.find('.') != std::string_view::npos || text.size() > kMost) return CellKind::text;
  const auto end = std::replace_copy(text.begin(), text.end(), std::begin(buffer), ',', '.');
  return read_number({std::begin(buffer), static_cast<std::size_t>(end - std::begin(buffer))}, value);
}

/// The number of "@3"; 0 for other texts.
std::size_t number_of(std::string_view name) {
  std::size_t number = 0;
  if (!name.starts_with('@')) return 0;
  const auto [stop, code] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
  return code == std::errc() && stop == name.data() + name.size() ? number : 0;
}

bool is_plain(std::string_view name) {
  return !name.empty() && !name.starts_with('-') && !name.starts_with('@') &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                  c == '-' || c == '.';
         });
}

}  // namespace

UserError csv_error(const std::string& file, std::size_t line, std::size_t column, std::string_view name,
                    std::string_view what) {
  std::string text = printable_path(file);
  if (line != 0) text += ": row " + std::to_string(line);
  if (column != 0) {
    text += (line != 0 ? ", column " : ": column ") + std::to_string(column);
    if (!name.empty()) text += " (" + printable(name) + ")";
  }
  return UserError(text.append(": ").append(what));
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool names_column(std::string_view option, std::size_t number, std::string_view name) {
  return option == name || number_of(option) == number;
}

std::string_view CsvTable::cell(std::size_t row, std::size_t column) const noexcept {
  const std::size_t k = row * columns() + column;
  return trimmed({text_.data() + starts_[k], std::size_t{starts_[k + 1]} - 1 - starts_[k]});
}

CellKind CsvTable::read(std::size_t row, std::size_t column, double& value) const noexcept {
  const std::string_view text = cell(row, column);
  return decimal_ == ',' ? read_with_comma(text, value) : read_number(text, value);
}

std::size_t CsvTable::column(std::string_view name) const {
  for (std::size_t j = 0; j < columns(); ++j) {
    if (this->name(j) == name) return j;
  }
  const auto numbered = std::find(numbers_.begin(), numbers_.end(), number_of(name));
  if (numbered != numbers_.end()) return static_cast<std::size_t>(numbered - numbers_.begin());
  constexpr std::size_t kShown = 10;
  const auto shown = std::span(names_).first(std::min(columns(), kShown));
  std::string what = "no column '" + printable(name) + "'; there are: " +
                     listed(shown, [](const std::string& other) { return printable(other); });
  if (columns() > kShown) what += " and " + std::to_string(columns() - kShown) + " more";
  throw csv_error(file_, 0, 0, "", what + hint_);
}

std::string CsvTable::option_value(std::size_t column) const {
  return is_plain(name(column)) ? name(column) : "@" + std::to_string(numbers_[column]);
}

UserError CsvTable::error(std::size_t row, std::size_t column, std::string_view what) const {
  return csv_error(file_, line(row), numbers_[column], name(column), what);
}

UserError CsvTable::error(std::size_t column, std::string_view what) const {
  return csv_error(file_, 0, numbers_[column], name(column), what);
}

std::string CsvTable::place(std::size_t row, std::size_t column) const {
  return place_at_line(line(row), column);
}

std::string CsvTable::place_at_line(std::size_t line, std::size_t column) const {
  const std::string text = csv_error(file_, line, numbers_[column], name(column), "").what();
  return text.substr(0, text.size() - 2);
}

CsvTable read_csv(const std::string& path, const CsvFormat& format) {
  return parse_csv(path == "-" ? "stdin" : path, read_text(path, kMaxCsvBytes, "1 GiB"), format);
}

CsvTable parse_csv(std::string file, std::string text, const CsvFormat& format) {
  if (text.size() > kMaxCsvBytes) throw csv_error(file, 0, 0, "", "is larger than 1 GiB");
  CsvParser parser(std::move(file), format);
  parser.next(std::move(text));
  return parser.finish();
}

CsvTable for_each_csv_block(const std::string& path, const CsvFormat& format, const CsvBlockVisitor& visit) {
  InputFile file(path);
  CsvParser parser(path, format);
  std::string text;
  std::size_t first_row = 0, row_end = 0;
  bool quoted = false;
  for (bool over = false; !over;) {
    const std::size_t old = text.size();
    text.resize(old + kCsvBlockBytes);
    const std::size_t got = file.read_some(std::as_writable_bytes(std::span(text).subspan(old)));
    text.resize(old + got);
    over = got == 0;
    for (std::size_t i = old; i < text.size(); ++i) {
      quoted ^= text[i] == '"';
      if (text[i] == '\n' && !quoted) row_end = i + 1;
    }
    if (over) row_end = text.size();
    if (row_end == 0) continue;
    std::string rest = text.substr(row_end);
    text.resize(row_end);
    const CsvTable& block = parser.next(std::move(text));
    if (block.rows() > 0) visit(block, first_row);
    first_row += block.rows();
    text = std::move(rest);
    row_end = 0;
  }
  return parser.finish();
}

std::vector<std::size_t> all_rows(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

}  // namespace mlpbench
