#include "support/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "support/escape.h"
#include "support/text.h"
#include "support/unicode.h"

namespace mlpbench {
namespace {

constexpr std::string_view kGap = "  ";

std::string shown(std::string_view text) { return printable(text, 300); }

std::string padded(const std::string& cell, std::size_t width, Table::Align align) {
  const std::string blanks(width - std::min(width, display_width(cell)), ' ');
  return align == Table::Align::left ? cell + blanks : blanks + cell;
}

void append_line(std::string& text, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + "\n";
}

std::string markdown_cell(std::string_view cell) {
  std::string text = " ";
  for (const char c : markdown_escaped(cell)) {
    if (c == '|') text += '\\';
    text += c;
  }
  return text + " |";
}

}  // namespace

void Table::add_column(std::string title, Align align) { columns_.push_back({std::move(title), align}); }

void Table::add_row(std::vector<Cell> cells, std::string remark) {
  if (cells.size() + (remark.empty() ? 0 : 1) > columns_.size()) {
    throw std::invalid_argument("Table: a row has more cells than there are columns");
  }
  rows_.push_back({std::move(cells), std::move(remark)});
}

std::string Table::console() const {
  std::vector<std::vector<std::string>> lines(rows_.size());
  std::vector<std::size_t> width;
  std::string text, titles, dashes;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string title = shown(columns_[i].title);
    width.push_back(display_width(title));
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      if (i >= rows_[k].cells.size()) continue;
      lines[k].push_back(shown(rows_[k].cells[i].text));
      width[i] = std::max(width[i], display_width(lines[k][i]));
    }
    const std::string_view gap = i == 0 ? "" : kGap;
    titles.append(gap).append(padded(title, width[i], columns_[i].align));
    dashes.append(gap).append(width[i], '-');
  }
  append_line(text, titles);
  append_line(text, dashes);
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    std::string line;
    for (std::size_t i = 0; i < lines[k].size(); ++i) {
      line.append(i == 0 ? "" : kGap).append(padded(lines[k][i], width[i], columns_[i].align));
    }
    const std::string& remark = rows_[k].remark;
    if (!remark.empty()) line.append(lines[k].empty() ? "" : kGap).append(shown(remark));
    append_line(text, line);
  }
  return text;
}

std::string Table::markdown(std::size_t most) const {
  std::string text = "|", rule = "|";
  for (const Column& column : columns_) {
    text += markdown_cell(column.title);
    rule += column.align == Align::left ? " :-- |" : " --: |";
  }
  text += "\n" + rule + "\n";
  for (std::size_t k = 0; k < std::min(most, rows_.size()); ++k) {
    const Row& row = rows_[k];
    text += "|";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      std::string_view cell;
      if (i < row.cells.size()) cell = row.cells[i].text;
      if (i == row.cells.size()) cell = row.remark;
      text += markdown_cell(cell);
    }
    text += "\n";
  }
  if (rows_.size() > most) text += fmt::format("\n{} more rows are in results.json.\n", rows_.size() - most);
  return text;
}

}  // namespace mlpbench
