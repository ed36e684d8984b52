#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/matrix.h"
#include "support/error.h"

namespace mlpbench {

// A strict reader of comma-separated files (RFC 4180). What it cannot read without guessing is a UserError:
//   FILE: row R, column C (NAME): what is wrong
// one line, where R is the line in the file (the header is row 1) and C counts from 1. Parts that do not
// apply are left out.

inline constexpr std::size_t kMaxCsvBytes = std::size_t{1} << 30;
inline constexpr std::size_t kMaxCsvColumns = 100'000;
inline constexpr std::size_t kMaxCsvClasses = 1'000;

/// The rectangle of cells under a header. Rows and columns count from 0 here, and from 1 in messages. Cells
/// are views into the text, which the table owns once: 4 bytes more a cell, whatever its length.
class CsvTable {
 public:
  const std::string& file() const noexcept { return file_; }
  std::size_t rows() const noexcept { return lines_.size() - 1; }
  std::size_t columns() const noexcept { return columns_; }

  /// A column's name and a cell, quotes resolved, without blanks (spaces, tabs) around.
  std::string_view name(std::size_t column) const noexcept { return trimmed(column); }
  std::string_view cell(std::size_t row, std::size_t column) const noexcept {
    return trimmed((row + 1) * columns_ + column);
  }

  /// The line of the file on which the row starts. Quoted cells may hold line breaks, so it is not row + 2.
  std::size_t line(std::size_t row) const noexcept { return lines_[row + 1]; }

  /// The column with this name. Throws UserError with the names there are, the first few when there are many.
  std::size_t column(std::string_view name) const;

  /// The error to throw about a cell, or about a whole column.
  UserError error(std::size_t row, std::size_t column, std::string_view what) const;
  UserError error(std::size_t column, std::string_view what) const;

 private:
  friend class CsvParser;
  CsvTable() = default;
  std::string_view trimmed(std::size_t index) const noexcept;

  std::string file_;
  std::string text_;  ///< the cells one after another, one byte between two
  /// Cell k begins at starts_[k] and ends one byte before starts_[k + 1]; the first cells are the header's.
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> lines_;  ///< of the header and of every row
  std::size_t columns_ = 0;
};

/// Reads a regular file of at most kMaxCsvBytes. Accepted: a UTF-8 byte order mark, LF or CRLF, a last line
/// without end, blank lines at the end. Throws UserError for everything parse_csv refuses and when the file
/// is missing, unreadable, a directory or something else than a regular file, too large, or changes while it
/// is read.
CsvTable read_csv(const std::string& path);

/// The same for text in memory; `file` is the name for messages. Throws UserError when the text is empty, has
/// no rows under the header, has a row with more or fewer cells than the header, a blank line between rows, a
/// quote that is never closed or stands inside a cell, text after a closing quote, a NUL byte, a carriage
/// return without line feed, more than kMaxCsvColumns columns, or a column without name or with another
/// column's name.
CsvTable parse_csv(std::string file, std::string text);

/// The column as numbers, read by std::from_chars: decimal or scientific, no locale, an optional sign, all of
/// the cell. Throws UserError at the first cell that is empty, text, hexadecimal, NaN, infinite, or beyond
/// the range of double (also towards zero: 1e-400).
std::vector<double> numeric_column(const CsvTable& table, std::size_t column);

/// All columns but `target` as (rows x columns - 1), with the conditions of numeric_column. Throws UserError
/// when there is no other column.
Matrix<double> numeric_matrix(const CsvTable& table, std::size_t target);

/// Classes in order and the class of each row.
struct ClassLabels {
  std::vector<std::string> names;
  std::vector<std::size_t> index;  ///< of each row: names[index[row]] is its label
};

/// The distinct labels of a column, sorted: by value where all are numbers (then 1, 1.0 and +1 are one class,
/// named as first seen), else by bytes. Throws UserError when a cell is empty, when a NaN, infinity or number
/// out of range stands among numbers, and for fewer than two or more than kMaxCsvClasses classes.
/// `numpy.unique(..., return_inverse=True)`.
ClassLabels class_labels(const CsvTable& table, std::size_t column);

}  // namespace mlpbench
