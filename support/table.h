#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "support/terminal.h"

namespace mlpbench {

/// A table as data, for the console, Markdown and pages. Its texts are as they come from a file or a library:
/// who renders them escapes them. Widths are those of support/unicode.h.
class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::right;
    int shortens = 0, leaves = 0;  ///< the step of fitted() that takes its brackets, or all of it; 0: none
  };
  struct Cell {
    Cell() = default;
    template <std::convertible_to<std::string> Text>
    Cell(Text&& what, double key = std::numeric_limits<double>::quiet_NaN(), std::string_view how = "")
        : text(std::forward<Text>(what)), sort(key), tone(how) {}

    std::string text;
    double sort = std::numeric_limits<double>::quiet_NaN();  ///< what a reader sorts by; NaN: the text
    std::string_view tone;  ///< "good", "bad", "heat5": how a page may colour it, never its only meaning
  };
  struct Row {
    std::vector<Cell> cells;
    std::string remark;  ///< stands in place of the cells that are missing
  };

  void add_column(std::string title, Align align = Align::right, int shortens = 0, int leaves = 0);
  void add_left(std::string title) { add_column(std::move(title), Align::left); }

  /// The first cells of a row, and a text in place of the others. On the console it continues to the right
  /// without widening a column; in Markdown it is the next cell. Throws std::invalid_argument for more cells
  /// than columns.
  void add_row(std::vector<Cell> cells, std::string remark = "");

  const std::vector<Column>& columns() const noexcept { return columns_; }
  const std::vector<Row>& rows() const noexcept { return rows_; }
  bool empty() const noexcept { return rows_.empty(); }

  /// Without the columns behind the second in which at least two rows all say the same. `same` gets a "title:
  /// text" for each.
  Table varying(std::vector<std::string>& same) const;

  /// The table as it fits into `width` columns of the console. Step by step, columns leave or lose what
  /// stands in brackets, until it does; after the last step the same from the right. The first column stays.
  Table fitted(std::size_t width) const;

  /// Columns two blanks apart, titles over a line of dashes, no trailing blanks. It is fitted() into the
  /// terminal, remarks are wrapped, and tones are colours where it has them. Every line ends with a line
  /// feed.
  std::string console(const Terminal& terminal = {}) const;

  /// A GitHub table of at most `most` rows, and how many are left out.
  std::string markdown(std::size_t most = std::numeric_limits<std::size_t>::max()) const;

 private:
  std::vector<std::size_t> widths() const;
  void remove_column(std::size_t i);
  void shorten_column(std::size_t i);
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

/// A column of a table over entries: its title, and the cell of an entry.
template <typename Entry>
struct ColumnOf {
  std::string title;
  Table::Align align;
  std::function<Table::Cell(const Entry&)> cell;
  int stage = 0;                 ///< how far an entry must have come to have a cell here
  int shortens = 0, leaves = 0;  ///< those of Table::Column
};

/// The last stage of an entry, and the remark in place of its cells in the columns of later ones. An entry of
/// stage -1 has no row.
struct Reached {
  int stage = std::numeric_limits<int>::max();
  std::string remark = "";
};

/// A row for each entry. Columns with the lower stages come first.
template <typename Entry, typename Entries>
Table table_of(const Entries& entries, const std::vector<ColumnOf<Entry>>& columns,
               const std::function<Reached(const Entry&)>& reached = nullptr) {
  Table table;
  for (const ColumnOf<Entry>& column : columns) {
    table.add_column(column.title, column.align, column.shortens, column.leaves);
  }
  for (const Entry& entry : entries) {
    Reached end = reached ? reached(entry) : Reached{};
    if (end.stage < 0) continue;
    std::vector<Table::Cell> cells;
    for (const ColumnOf<Entry>& column : columns) {
      if (column.stage <= end.stage) cells.push_back(column.cell(entry));
    }
    table.add_row(std::move(cells), std::move(end.remark));
  }
  return table;
}

}  // namespace mlpbench
