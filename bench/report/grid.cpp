#include "bench/report/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "support/escape.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// The first `most` rows as a Table, every text passed through `shown`.
template <typename Shown>
Table table_of(const Grid& grid, std::size_t most, Shown shown) {
  Table table;
  for (const Grid::Column& column : grid.columns()) table.add_column(shown(column.title), column.align);
  for (std::size_t i = 0; i < std::min(most, grid.rows().size()); ++i) {
    const Grid::Row& row = grid.rows()[i];
    std::vector<std::string> cells;
    for (const Grid::Cell& cell : row.cells) cells.push_back(shown(cell.text));
    table.add_row(std::move(cells), row.remark.empty() ? "" : shown(row.remark));
  }
  return table;
}

}  // namespace

void Grid::add_column(std::string title, Table::Align align) {
  columns_.push_back({std::move(title), align});
}

void Grid::add_row(std::vector<Cell> cells, std::string remark) {
  if (cells.size() + (remark.empty() ? 0 : 1) > columns_.size()) {
    throw std::invalid_argument("Grid: a row has more cells than there are columns");
  }
  rows_.push_back({std::move(cells), std::move(remark)});
}

std::string Grid::console() const {
  return table_of(*this, rows_.size(), [](const std::string& text) { return printable(utf8(text), 300); })
      .console();
}

std::string Grid::markdown(std::size_t most) const {
  std::string text =
      table_of(*this, most, [](const std::string& cell) { return markdown_escaped(cell); }).markdown();
  if (rows_.size() > most) {
    text += fmt::format("\n{} more rows are in results.json.\n", rows_.size() - most);
  }
  return text;
}

}  // namespace mlpbench
