#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/matrix.h"
#include "support/error.h"

namespace mlpbench {

// A strict reader of comma-separated files (RFC 4180). What it cannot read without guessing is a UserError:
//   FILE: row R, column C (NAME): what is wrong
// It is one line. R is the line in the file and C is the column of the file, both counted from 1. Parts that
// do not apply are left out.

inline constexpr std::size_t kMaxCsvBytes = std::size_t{1} << 30;
inline constexpr std::size_t kMaxCsvColumns = 100'000;
inline constexpr std::size_t kMaxCsvClasses = 1'000;

/// How a file is written, and what of it is left out.
struct CsvFormat {
  char delimiter = '\0';  ///< between cells; 0: what a first line "sep=;" says, else a comma
  char decimal = '.';     ///< '.' or ',': between the whole and the fractional digits of a number

  /// Columns that are not kept: names, or "@3" for the third column. They need no name, and may share one.
  std::vector<std::string> drop = {};
};

/// What a cell is as a number.
enum class CellKind { number, empty, text, not_finite, out_of_range };

/// The rectangle of cells under a header. Rows and columns count from 0 here, and from 1 in messages. Cells
/// are views into the text, which the table owns once: 4 bytes more for each cell of any length.
class CsvTable {
 public:
  const std::string& file() const noexcept { return file_; }
  std::size_t rows() const noexcept { return lines_.size(); }
  std::size_t columns() const noexcept { return names_.size(); }  ///< those that were kept

  /// A column's name and a cell, quotes resolved, without blanks (spaces, tabs) around.
  const std::string& name(std::size_t column) const noexcept { return names_[column]; }
  std::string_view cell(std::size_t row, std::size_t column) const noexcept;

  /// The cell as a number, with std::from_chars: decimal or scientific, no locale, an optional sign, all of
  /// the cell. `value` is only set for CellKind::number.
  CellKind read(std::size_t row, std::size_t column, double& value) const noexcept;

  /// The line of the file on which the row starts. Quoted cells may hold line breaks, so it is not row + 2.
  std::size_t line(std::size_t row) const noexcept { return lines_[row]; }

  /// The first line with a byte that is not UTF-8; 0: there is none.
  std::size_t line_not_utf8() const noexcept { return line_not_utf8_; }

  char delimiter() const noexcept { return delimiter_; }
  char decimal() const noexcept { return decimal_; }

  /// The column with this name, or with this number of the file for "@3". Throws UserError with the names
  /// there are, the first few when there are many.
  std::size_t column(std::string_view name) const;

  /// What names the column in an option: its name, or "@3" where that would need quotes in a shell.
  std::string option_value(std::size_t column) const;

  /// The error to throw about a cell, or about a whole column.
  UserError error(std::size_t row, std::size_t column, std::string_view what) const;
  UserError error(std::size_t column, std::string_view what) const;

  /// "FILE: row R, column C (NAME)"
  std::string place(std::size_t row, std::size_t column) const;
  std::string place_at_line(std::size_t line, std::size_t column) const;  ///< of the row that starts there

 private:
  friend class CsvParser;
  CsvTable() = default;

  std::string file_;
  std::string text_;                    ///< the cells one after another, one byte between two
  std::vector<std::string> names_;      ///< of the kept columns
  std::vector<std::uint32_t> numbers_;  ///< of the kept columns in the file, from 1
  std::vector<std::uint32_t> starts_;   ///< cell k begins at starts_[k] and ends before starts_[k + 1] - 1
  std::vector<std::uint32_t> lines_;    ///< of every row
  std::size_t line_not_utf8_ = 0;
  std::string hint_;  ///< "; ..." for who finds no column: another delimiter fits the header
  char delimiter_ = ',', decimal_ = '.';
};

/// Reads a file of at most kMaxCsvBytes, or stdin for "-". Accepted: a UTF-8 byte order mark, LF or CRLF, a
/// last line without end, blank lines at the end, a first line "sep=;". Throws UserError for everything
/// parse_csv refuses, when read_text() refuses the file, and when memory is short.
CsvTable read_csv(const std::string& path, const CsvFormat& format = {});

/// The same for text in memory; `file` is the name for messages. Throws UserError when the text:
/// - is empty or compressed, or has no rows under the header
/// - has a row with more or fewer cells than the header, or a blank line between rows
/// - has a quote that is never closed or is inside a cell, or text after a closing quote
/// - has a NUL byte, or a carriage return without line feed
/// - has more than kMaxCsvColumns columns, or a kept column without name or with another's name
/// - has no column that format.drop names
CsvTable parse_csv(std::string file, std::string text, const CsvFormat& format = {});

/// A file's rows in tables of whole rows. Each is made of about kCsvBlockBytes of the file, and gone when the
/// next one comes. `first_row` counts the file's rows before the block.
using CsvBlockVisitor = std::function<void(const CsvTable& block, std::size_t first_row)>;
inline constexpr std::size_t kCsvBlockBytes = std::size_t{1} << 20;

/// Reads a regular file of any size block by block, with the errors of parse_csv() where it comes to them.
/// Returns the last block, which has the header too. Memory is that of a block or of the longest row.
CsvTable for_each_csv_block(const std::string& path, const CsvFormat& format, const CsvBlockVisitor& visit);

/// The error about a cell that is no number. `hint` follows the text.
UserError not_a_number(const CsvTable& table, std::size_t row, std::size_t column, CellKind kind,
                       std::string_view hint = "");

/// The column as numbers. Throws UserError at the first cell that is empty, text, hexadecimal, NaN,
/// infinite, or beyond the range of double (also towards zero: 1e-400).
std::vector<double> numeric_column(const CsvTable& table, std::size_t column);

/// The same for some rows, in their order.
std::vector<double> numeric_column(const CsvTable& table, std::size_t column,
                                   std::span<const std::size_t> rows);

/// All columns but `target` as (rows x columns - 1), with the conditions of numeric_column. Throws UserError
/// when there is no other column.
Matrix<double> numeric_matrix(const CsvTable& table, std::size_t target);

/// Classes in order and the class of each row.
struct ClassLabels {
  std::vector<std::string> names;
  std::vector<std::size_t> index;  ///< of each of the rows: names[index[i]] is its label

  /// Two texts that are one class, where there are such: "1" and "1.0".
  std::optional<std::pair<std::string, std::string>> merged = std::nullopt;
};

/// When two labels are the same.
enum class LabelRule {
  by_value,  ///< where all are numbers: 1, 1.0 and +1 are one class, named as first seen; else as_text
  as_text    ///< byte by byte: 01 and 1 are two classes
};

/// The distinct texts of a column, of rows that come block by block.
class LabelScan {
 public:
  explicit LabelScan(std::size_t column) : column_(column) {}

  /// The number of the row's text among the distinct ones, in order of appearance. Throws UserError for an
  /// empty cell, and beyond kMaxCsvClasses texts.
  std::size_t add(const CsvTable& table, std::size_t row);

  /// The classes: names, merged. Returns the class of each distinct text. Throws what class_labels() throws
  /// of a whole column.
  std::vector<std::size_t> finish(const CsvTable& table, LabelRule rule, ClassLabels& labels) const;

 private:
  struct Label {
    std::string text;
    double value = 0.0;
    CellKind kind = CellKind::text;
    std::optional<UserError> no_class_by_value = std::nullopt;  ///< why, where it is none
  };
  std::size_t column_;
  std::vector<Label> labels_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

/// The distinct labels of a column in `rows`, sorted. The order is by value where all are numbers. It is by
/// bytes where values are equal or some label is no number. Throws UserError when a cell is empty, and for
/// fewer than two or more than kMaxCsvClasses classes. By value also throws for a NaN, an infinity or a
/// number out of range among numbers. It throws for whole numbers from 2^53 on, which float64 cannot
/// distinguish. `numpy.unique(..., return_inverse=True)`.
ClassLabels class_labels(const CsvTable& table, std::size_t column, std::span<const std::size_t> rows,
                         LabelRule rule = LabelRule::by_value);

/// The same for all rows.
ClassLabels class_labels(const CsvTable& table, std::size_t column, LabelRule rule = LabelRule::by_value);

/// 0, 1, ... count - 1: all rows of a table.
std::vector<std::size_t> all_rows(std::size_t count);

}  // namespace mlpbench
