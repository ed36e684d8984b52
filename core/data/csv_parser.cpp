#include "core/data/csv_parser.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "support/memory.h"
#include "support/text.h"
#include "support/unicode.h"

namespace mlpbench {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// What else may stand between cells.
constexpr std::string_view kDelimiters = ",;\t|";

std::string shown_delimiter(char c) { return c == '\t' ? "tab" : std::string("'") + c + "'"; }

/// First bytes of what packs files.
constexpr std::pair<std::string_view, std::string_view> kPacked[] = {
    {"\x1F\x8B", "gzip"},
    {"PK\x03\x04", "zip, as spreadsheets are"},
    {"BZh", "bzip2"},
    {"\xFD"
     "7zXZ",
     "xz"},
    {"\x28\xB5\x2F\xFD", "zstd"}};

void refuse_packed(const std::string& file, std::string_view text) {
  for (const auto& [magic, name] : kPacked) {
    if (!text.starts_with(magic)) continue;
    throw csv_error(file, 0, 0, "",
                    "is compressed (" + std::string(name) +
                        "); unpack it first, or pipe what comes out of it into the file name -");
  }
}

/// The line of the first byte that is not UTF-8; 0: there is none.
std::size_t find_not_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const Character next = first_character(text.substr(at));
    if (!next.valid) break;
    at += next.bytes;
  }
  if (at == text.size()) return 0;
  return 1 + static_cast<std::size_t>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

/// How often `c` stands in the first line, outside of quotes.
std::size_t count_in_header(std::string_view text, char c) {
  std::size_t count = 0;
  bool quoted = false;
  for (const char next : text) {
    if (next == '"') quoted = !quoted;
    if (next == '\n' && !quoted) break;
    count += next == c && !quoted;
  }
  return count;
}

}  // namespace

CsvParser::CsvParser(std::string file, const CsvFormat& format) : format_(format) {
  table_.file_ = std::move(file);
  table_.decimal_ = format.decimal;
}

void CsvParser::begin() {
  begun_ = true;
  refuse_packed(table_.file_, table_.text_);
  if (table_.text_.starts_with(kByteOrderMark)) read_ = write_ = kByteOrderMark.size();
  read_separator_line();
  find_delimiter(format_);
}

const CsvTable& CsvParser::next(std::string text) {
  table_.text_ = std::move(text);
  table_.starts_.clear();
  table_.lines_.clear();
  read_ = write_ = 0;
  if (const std::size_t line = find_not_utf8(table_.text_); line != 0 && table_.line_not_utf8_ == 0)
    table_.line_not_utf8_ = line_ + line - 1;
  if (!begun_) begin();
  reserve_cells();
  while (!at_end()) {
    if (end_line()) {
      if (blank_line_ == 0) blank_line_ = line_ - 1;
      continue;
    }
    if (blank_line_ != 0) throw csv_error(table_.file_, blank_line_, 0, "", "the line is blank");
    read_row();
  }
  table_.starts_.push_back(static_cast<std::uint32_t>(write_));
  rows_ += table_.rows();
  return table_;
}

CsvTable CsvParser::finish() {
  if (!header_read_) throw csv_error(table_.file_, 0, 0, "", "the file is empty");
  if (rows_ == 0) throw csv_error(table_.file_, 0, 0, "", "no rows under the header");
  return std::move(table_);
}

/// Steps over LF or CRLF, if one is here.
bool CsvParser::end_line() {
  if (at_end()) return false;
  const bool crlf = peek() == '\r' && read_ + 1 < table_.text_.size() && table_.text_[read_ + 1] == '\n';
  if (peek() != '\n' && !crlf) return false;
  read_ += crlf ? 2 : 1;
  ++line_;
  return true;
}

/// "sep=;", with or without quotes around: what spreadsheets write and read, and no header.
void CsvParser::read_separator_line() {
  const std::string_view rest = std::string_view(table_.text_).substr(read_);
  std::string_view line = rest.substr(0, rest.find('\n'));
  const std::size_t length = line.size();
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() == 7 && line.starts_with('"') && line.ends_with('"')) line = line.substr(1, 5);
  if (line.size() != 5 || !line.starts_with("sep=")) return;
  from_line_ = line.back();
  read_ += std::min(length + 1, rest.size());
  ++line_;
}

void CsvParser::find_delimiter(const CsvFormat& format) {
  table_.delimiter_ = format.delimiter != '\0' ? format.delimiter : from_line_ != '\0' ? from_line_ : ',';
  const std::string_view rest = std::string_view(table_.text_).substr(read_);
  const std::size_t own = count_in_header(rest, table_.delimiter_);
  for (const char other : kDelimiters) {
    const std::size_t count = count_in_header(rest, other);
    if (count <= own || other == table_.delimiter_) continue;
    table_.hint_ = "; the header has " + std::to_string(count) + " " + shown_delimiter(other) + " and " +
                   std::to_string(own) + " " + shown_delimiter(table_.delimiter_) + ": --delimiter " +
                   shown_delimiter(other);
    return;
  }
}

/// All cells at once: growing would hold them twice.
void CsvParser::reserve_cells() {
  const auto from = table_.text_.begin() + static_cast<std::ptrdiff_t>(read_);
  const auto count = [&](char c) {
    return static_cast<std::size_t>(std::count(from, table_.text_.end(), c));
  };
  const std::size_t lines = count('\n') + 1, cells = count(table_.delimiter_) + lines;
  require_memory(printable_path(table_.file_), "the table of its cells",
                 static_cast<double>(cells + lines) * sizeof(std::uint32_t));
  table_.starts_.reserve(cells + 1);
  table_.lines_.reserve(lines);
}

void CsvParser::read_row() {
  const std::size_t row_line = line_;
  for (cells_ = 0;;) {
    read_cell();
    if (at_end() || end_line()) break;
    ++read_;  // the delimiter
  }
  if (!header_read_) {
    take_header(row_line);
    return;
  }
  table_.lines_.push_back(static_cast<std::uint32_t>(row_line));
  if (cells_ == header_.size()) return;
  throw fail_row(row_line, std::to_string(cells_) + (cells_ == 1 ? " cell" : " cells") + " found, " +
                               std::to_string(header_.size()) + " expected");
}

void CsvParser::read_cell() {
  const std::size_t start = write_;
  ++cells_;
  cell_line_ = line_;
  if (!at_end() && peek() == '"') {
    read_quoted();
  } else {
    read_plain();
  }
  if (header_read_ && (cells_ > header_.size() || !kept_[cells_ - 1])) {
    write_ = start;
    return;
  }
  table_.starts_.push_back(static_cast<std::uint32_t>(start));
  ++write_;
}

/// Leaves read_ on the delimiter, on the end of the line or at the end of the text.
void CsvParser::read_plain() {
  const std::size_t begin = read_;
  for (; !at_end(); ++read_) {
    const char c = peek();
    if (c == table_.delimiter_ || c == '\n') break;
    if (c == '"') throw fail("a quote inside an unquoted cell");
    if (c == '\0') throw fail("a NUL byte: the file is binary or UTF-16");
    if (c == '\r') {
      if (read_ + 1 < table_.text_.size() && table_.text_[read_ + 1] == '\n') break;
      throw fail("a carriage return without line feed");
    }
  }
  keep(begin, read_);
}

void CsvParser::read_quoted() {
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
    if (!at_end() && peek() != table_.delimiter_ && peek() != '\n' && !crlf) {
      throw fail("text after the closing quote");
    }
    return;
  }
}

void CsvParser::keep(std::size_t begin, std::size_t end) {
  if (write_ != begin) std::memmove(table_.text_.data() + write_, table_.text_.data() + begin, end - begin);
  write_ += end - begin;
}

/// The cells of the first row are the names; their room is free again afterwards.
void CsvParser::take_header(std::size_t header_line) {
  if (cells_ > kMaxCsvColumns) {
    throw fail_row(header_line,
                   std::to_string(cells_) + " columns, more than " + std::to_string(kMaxCsvColumns));
  }
  table_.starts_.push_back(static_cast<std::uint32_t>(write_));
  for (std::size_t j = 0; j < cells_; ++j) {
    const std::size_t begin = table_.starts_[j];
    header_.emplace_back(trimmed({table_.text_.data() + begin, table_.starts_[j + 1] - 1 - begin}));
  }
  drop_columns();
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t j = 0; j < cells_; ++j) {
    if (!kept_[j]) continue;
    const std::string& name = header_[j];
    const std::string number = std::to_string(j + 1);
    if (name.empty()) {
      throw csv_error(table_.file_, header_line, j + 1, "",
                      "the column has no name; --drop @" + number + " leaves it out" + table_.hint_);
    }
    const auto [first, is_new] = seen.try_emplace(name, j);
    if (!is_new) {
      throw csv_error(table_.file_, header_line, j + 1, name,
                      "column " + std::to_string(first->second + 1) + " has the same name" + table_.hint_);
    }
    table_.names_.push_back(name);
    table_.numbers_.push_back(static_cast<std::uint32_t>(j + 1));
  }
  write_ = table_.starts_.front();
  table_.starts_.clear();
  header_read_ = true;
}

void CsvParser::drop_columns() {
  kept_.assign(header_.size(), true);
  for (const std::string& option : format_.drop) {
    bool found = false;
    for (std::size_t j = 0; j < header_.size(); ++j) {
      if (!names_column(option, j + 1, header_[j])) continue;
      kept_[j] = false;
      found = true;
    }
    if (found) continue;
    throw csv_error(table_.file_, 0, 0, "", "--drop: no column '" + printable(option) + "'" + table_.hint_);
  }
}

UserError CsvParser::fail(std::string_view what) const {
  const bool named = cells_ <= header_.size();  // not in the header, which is empty until it has been read
  return csv_error(table_.file_, cell_line_, cells_, named ? std::string_view(header_[cells_ - 1]) : "",
                   std::string(what) + table_.hint_);
}

UserError CsvParser::fail_row(std::size_t line, std::string_view what) const {
  return csv_error(table_.file_, line, 0, "", std::string(what) + table_.hint_);
}

}  // namespace mlpbench
