#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mlpbench {

/// A table for the console and for Markdown from one model. Cells are one-line UTF-8; widths count code
/// points.
class Table {
 public:
  enum class Align { left, right };

  void add_column(std::string title, Align align = Align::right);

  /// One cell a column; missing ones stay empty. Throws std::invalid_argument for more cells than columns.
  void add_row(std::vector<std::string> cells);

  /// The first cells of a row and a text in place of the others: on the console it runs on to the right
  /// without widening a column, in Markdown it is the next cell.
  void add_row(std::vector<std::string> cells, std::string remark);

  /// Columns two blanks apart, titles over a line of dashes, no trailing blanks. Every line ends with a line
  /// feed.
  std::string console() const;

  /// A GitHub table; `|` in cells is escaped.
  std::string markdown() const;

 private:
  struct Column {
    std::string title;
    Align align;
  };
  struct Row {
    std::vector<std::string> cells;
    std::string remark;
  };

  std::vector<std::size_t> widths() const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

/// Code points of UTF-8 text.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace mlpbench
