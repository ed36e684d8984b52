#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "support/table.h"

namespace mlpbench {

/// A table as data: every report renders the same one. All texts are as they are in the document; who renders
/// them escapes them.
class Grid {
 public:
  struct Column {
    std::string title;
    Table::Align align = Table::Align::right;
  };
  struct Cell {
    Cell(std::string what = "", double key = std::numeric_limits<double>::quiet_NaN(),
         std::string_view how = "")
        : text(std::move(what)), sort(key), tone(how) {}

    std::string text;
    double sort;            ///< what a reader sorts the column by; NaN: the text
    std::string_view tone;  ///< "good", "bad", "heat7": how a page may colour it, never its only meaning
  };
  struct Row {
    std::vector<Cell> cells;
    std::string remark;  ///< stands in place of the cells that are missing
  };

  void add_column(std::string title, Table::Align align = Table::Align::right);
  void add_left(std::string title) { add_column(std::move(title), Table::Align::left); }
  void add_row(std::vector<Cell> cells, std::string remark = "");

  const std::vector<Column>& columns() const noexcept { return columns_; }
  const std::vector<Row>& rows() const noexcept { return rows_; }
  bool empty() const noexcept { return rows_.empty(); }

  std::string console() const;

  /// At most `most` rows, and how many are left out.
  std::string markdown(std::size_t most = std::numeric_limits<std::size_t>::max()) const;

 private:
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace mlpbench
