#include "core/data/csv.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <unordered_map>
#include <utility>

#include "support/input_file.h"
#include "support/text.h"

namespace mlpbench {
namespace {

// One line about a place in the file. Line and column count from 1; 0 leaves the part out, as does an empty
// name.
UserError csv_error(const std::string& file, std::size_t line, std::size_t column, std::string_view name,
                    std::string_view what) {
  std::string text = printable_path(file) + ": ";
  if (line != 0) text += "row " + std::to_string(line) + (column != 0 ? ", " : ": ");
  if (column != 0) {
    text += "column " + std::to_string(column);
    if (!name.empty()) text += " (" + printable(name) + ")";
    text += ": ";
  }
  return UserError(text.append(what));
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string read_file(const std::string& path) {
  InputFile file(path);
  if (file.size() > kMaxCsvBytes) {
    throw file.error("has " + std::to_string(file.size()) + " bytes, more than 1 GiB");
  }
  std::string text(file.size(), '\0');
  file.read(std::as_writable_bytes(std::span(text)));
  return text;
}

}  // namespace

/// Splits the text into cells in place. Resolving quotes and CRLF only ever shortens, so the cells are moved
/// towards the front of the same buffer, each one byte behind the last.
class CsvParser {
 public:
  CsvParser(std::string file, std::string text) {
    table_.file_ = std::move(file);
    table_.text_ = std::move(text);
    if (table_.text_.starts_with("\xEF\xBB\xBF")) read_ = write_ = 3;
  }

  CsvTable parse() {
    if (table_.text_.size() > kMaxCsvBytes) throw csv_error(table_.file_, 0, 0, "", "is larger than 1 GiB");
    std::size_t blank_line = 0;
    while (!at_end()) {
      if (end_line()) {
        if (blank_line == 0) blank_line = line_ - 1;
        continue;
      }
      if (blank_line != 0) throw csv_error(table_.file_, blank_line, 0, "", "the line is blank");
      read_row();
    }
    if (table_.lines_.empty()) throw csv_error(table_.file_, 0, 0, "", "the file is empty");
    if (table_.rows() == 0) throw csv_error(table_.file_, 0, 0, "", "no rows under the header");
    table_.starts_.push_back(static_cast<std::uint32_t>(write_));
    table_.starts_.shrink_to_fit();
    return std::move(table_);
  }

 private:
  bool at_end() const { return read_ == table_.text_.size(); }

  char peek() const { return table_.text_[read_]; }

  // Steps over LF or CRLF, if one is here.
  bool end_line() {
    if (at_end()) return false;
    const bool crlf = peek() == '\r' && read_ + 1 < table_.text_.size() && table_.text_[read_ + 1] == '\n';
    if (peek() != '\n' && !crlf) return false;
    read_ += crlf ? 2 : 1;
    ++line_;
    return true;
  }

  void read_row() {
    const std::size_t row_line = line_;
    table_.lines_.push_back(static_cast<std::uint32_t>(line_));
    for (cells_ = 0;;) {
      read_cell();
      if (at_end() || end_line()) break;
      ++read_;  // the comma
    }
    if (table_.lines_.size() == 1) {
      take_header();
    } else if (cells_ != table_.columns_) {
      throw csv_error(table_.file_, row_line, 0, "",
                      std::to_string(cells_) + (cells_ == 1 ? " cell" : " cells") + " found, " +
                          std::to_string(table_.columns_) + " expected");
    }
  }

  void read_cell() {
    table_.starts_.push_back(static_cast<std::uint32_t>(write_));
    ++cells_;
    cell_line_ = line_;
    if (!at_end() && peek() == '"') {
      read_quoted();
    } else {
      read_plain();
    }
    ++write_;
  }

  // Leaves read_ on the comma, on the end of the line or at the end of the text.
  void read_plain() {
    const std::size_t begin = read_;
    for (; !at_end(); ++read_) {
      const char c = peek();
      if (c == ',' || c == '\n') break;
      if (c == '"') throw fail("a quote inside an unquoted cell");
      if (c == '\0') throw fail("a NUL byte: the file is binary or UTF-16");
      if (c == '\r') {
        if (read_ + 1 < table_.text_.size() && table_.text_[read_ + 1] == '\n') break;
        throw fail("a carriage return without line feed");
      }
    }
    keep(begin, read_);
  }

  void read_quoted() {
    for (;;) {
      const std::size_t begin = ++read_;
      for (; !at_end() && peek() != '"'; ++read_) {
        if (peek() == '\0') throw fail("a NUL byte: the file is binary or UTF-16");
        if (peek() == '\n') ++line_;
      }
      if (at_end()) throw fail("the quote is never closed");
      const std::size_t end = read_++;
      const bool doubled = !at_end() && peek() == '"';
      keep(begin, doubled ? end + 1 : end);
      if (doubled) continue;
      const bool crlf = table_.text_.compare(read_, 2, "\r\n") == 0;
      if (!at_end() && peek() != ',' && peek() != '\n' && !crlf) throw fail("text after the closing quote");
      return;
    }
  }

  void keep(std::size_t begin, std::size_t end) {
    if (write_ != begin) std::memmove(table_.text_.data() + write_, table_.text_.data() + begin, end - begin);
    write_ += end - begin;
  }

  void take_header() {
    if (cells_ > kMaxCsvColumns) {
      throw csv_error(table_.file_, 1, 0, "",
                      std::to_string(cells_) + " columns, more than " + std::to_string(kMaxCsvColumns));
    }
    table_.columns_ = cells_;
    table_.starts_.push_back(static_cast<std::uint32_t>(write_));  // the names need their ends now
    std::unordered_map<std::string_view, std::size_t> seen;
    for (std::size_t j = 0; j < cells_; ++j) {
      const std::string_view name = table_.name(j);
      if (name.empty()) throw csv_error(table_.file_, 1, j + 1, "", "the column has no name");
      const auto [first, is_new] = seen.try_emplace(name, j);
      if (is_new) continue;
      const std::string other = std::to_string(first->second + 1);
      throw csv_error(table_.file_, 1, j + 1, name, "column " + other + " has the same name");
    }
    table_.starts_.pop_back();
  }

  UserError fail(std::string_view what) const {
    const bool named = cells_ <= table_.columns_;  // not in the header: columns_ is still 0
    return csv_error(table_.file_, cell_line_, cells_, named ? table_.name(cells_ - 1) : "", what);
  }

  CsvTable table_;
  std::size_t read_ = 0;
  std::size_t write_ = 0;
  std::size_t line_ = 1;
  std::size_t cell_line_ = 1;  ///< where the current cell begins
  std::size_t cells_ = 0;      ///< of the current row, the current one included
};

std::string_view CsvTable::trimmed(std::size_t index) const noexcept {
  const char* begin = text_.data() + starts_[index];
  const char* end = text_.data() + starts_[index + 1] - 1;
  while (begin != end && is_blank(*begin)) ++begin;
  while (begin != end && is_blank(end[-1])) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::size_t CsvTable::column(std::string_view name) const {
  for (std::size_t j = 0; j < columns_; ++j) {
    if (this->name(j) == name) return j;
  }
  constexpr std::size_t kShown = 10;
  std::string what = "no column '" + printable(name) + "'; there are: ";
  for (std::size_t j = 0; j < std::min(columns_, kShown); ++j) {
    if (j != 0) what += ", ";
    what += printable(this->name(j));
  }
  if (columns_ > kShown) what += " and " + std::to_string(columns_ - kShown) + " more";
  throw csv_error(file_, 0, 0, "", what);
}

UserError CsvTable::error(std::size_t row, std::size_t column, std::string_view what) const {
  return csv_error(file_, line(row), column + 1, name(column), what);
}

UserError CsvTable::error(std::size_t column, std::string_view what) const {
  return csv_error(file_, 0, column + 1, name(column), what);
}

CsvTable read_csv(const std::string& path) { return parse_csv(path, read_file(path)); }

CsvTable parse_csv(std::string file, std::string text) {
  return CsvParser(std::move(file), std::move(text)).parse();
}

}  // namespace mlpbench
