#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace mlpbench {

/// A table as data, for the console, Markdown and pages. Its texts are as they come from a file or a library:
/// who renders them escapes them. Widths are those of support/unicode.h.
class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::right;
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

  void add_column(std::string title, Align align = Align::right);
  void add_left(std::string title) { add_column(std::move(title), Align::left); }

  /// The first cells of a row, and a text in place of the others. On the console it continues to the right
  /// without widening a column; in Markdown it is the next cell. Throws std::invalid_argument for more cells
  /// than columns.
  void add_row(std::vector<Cell> cells, std::string remark = "");

  const std::vector<Column>& columns() const noexcept { return columns_; }
  const std::vector<Row>& rows() const noexcept { return rows_; }
  bool empty() const noexcept { return rows_.empty(); }

  /// Columns two blanks apart, titles over a line of dashes, no trailing blanks. Every line ends with a line
  /// feed.
  std::string console() const;

  /// A GitHub table of at most `most` rows, and how many are left out.
  std::string markdown(std::size_t most = std::numeric_limits<std::size_t>::max()) const;

 private:
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

/// A column of a table over entries: its title, and the cell of an entry.
template <typename Entry>
struct ColumnOf {
  std::string title;
  Table::Align align;
  std::function<Table::Cell(const Entry&)> cell;
  int stage = 0;  ///< how far an entry must have come to have a cell here
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
  for (const ColumnOf<Entry>& column : columns) table.add_column(column.title, column.align);
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
