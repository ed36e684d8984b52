#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/data/csv.h"

namespace mlpbench {

/// One line about a place in the file. Line and column count from 1; 0 leaves the part out, as does an empty
/// name.
UserError csv_error(const std::string& file, std::size_t line, std::size_t column, std::string_view name,
                    std::string_view what);

/// Without spaces and tabs around.
std::string_view trimmed(std::string_view text) noexcept;

/// Whether an option's text is this column: its name, or "@3" for number 3.
bool names_column(std::string_view option, std::size_t number, std::string_view name);

/// Splits a text, or the pieces of one, into cells in place. Resolving quotes and CRLF only ever shortens, so
/// the cells are moved towards the front of the same buffer, each one byte behind the last. Cells of columns
/// that are left out are overwritten by the next.
class CsvParser {
 public:
  CsvParser(std::string file, const CsvFormat& format);

  /// The rows of the next piece of the file, which ends with a row. Valid until the piece after it.
  const CsvTable& next(std::string text);

  /// The rows of the last piece, once the whole file was read.
  CsvTable finish();

 private:
  bool at_end() const { return read_ == table_.text_.size(); }
  char peek() const { return table_.text_[read_]; }
  bool end_line();

  void begin();
  void read_separator_line();
  void find_delimiter(const CsvFormat& format);
  void reserve_cells();
  void read_row();
  void read_cell();
  void read_plain();
  void read_quoted();
  void keep(std::size_t begin, std::size_t end);
  void take_header(std::size_t header_line);
  void drop_columns();

  UserError fail(std::string_view what) const;
  UserError fail_row(std::size_t line, std::string_view what) const;

  CsvFormat format_;
  CsvTable table_;
  bool begun_ = false;
  std::size_t rows_ = 0;             ///< of all pieces
  std::size_t blank_line_ = 0;       ///< the first of those at the end so far; 0: there is none
  std::vector<std::string> header_;  ///< names of all columns of the file
  std::vector<bool> kept_;           ///< of all columns of the file
  bool header_read_ = false;
  char from_line_ = '\0';  ///< what a first line "sep=;" says
  std::size_t read_ = 0;
  std::size_t write_ = 0;
  std::size_t line_ = 1;
  std::size_t cell_line_ = 1;  ///< where the current cell begins
  std::size_t cells_ = 0;      ///< of the current row, the current one included
};

}  // namespace mlpbench
