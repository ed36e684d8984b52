#include "support/table.h"

#include <algorithm>
#include <stdexcept>

namespace mlpbench {
namespace {

constexpr std::string_view kGap = "  ";

std::string padded(const std::string& cell, std::size_t width, Table::Align align) {
  const std::string blanks(width - std::min(width, display_width(cell)), ' ');
  return align == Table::Align::left ? cell + blanks : blanks + cell;
}

void append_line(std::string& text, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + "\n";
}

std::string escaped(std::string_view cell) {
  std::string text;
  for (const char c : cell) {
    if (c == '|') text += '\\';
    text += c;
  }
  return text;
}

}  // namespace

std::size_t display_width(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void Table::add_column(std::string title, Align align) { columns_.push_back({std::move(title), align}); }

void Table::add_row(std::vector<std::string> cells) { add_row(std::move(cells), ""); }

void Table::add_row(std::vector<std::string> cells, std::string remark) {
  if (cells.size() + (remark.empty() ? 0 : 1) > columns_.size()) {
    throw std::invalid_argument("Table: a row has more cells than there are columns");
  }
  rows_.push_back({std::move(cells), std::move(remark)});
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].title);
    for (const Row& row : rows_) {
      if (i < row.cells.size()) width = std::max(width, display_width(row.cells[i]));
    }
    widths.push_back(width);
  }
  return widths;
}

std::string Table::console() const {
  const std::vector<std::size_t> width = widths();
  std::string text, titles, dashes;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string_view gap = i == 0 ? "" : kGap;
    titles.append(gap).append(padded(columns_[i].title, width[i], columns_[i].align));
    dashes.append(gap).append(width[i], '-');
  }
  append_line(text, titles);
  append_line(text, dashes);
  for (const Row& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      line.append(i == 0 ? "" : kGap).append(padded(row.cells[i], width[i], columns_[i].align));
    }
    if (!row.remark.empty()) line.append(row.cells.empty() ? "" : kGap).append(row.remark);
    append_line(text, line);
  }
  return text;
}

std::string Table::markdown() const {
  std::string text = "|", rule = "|";
  for (const Column& column : columns_) {
    text += " " + escaped(column.title) + " |";
    rule += column.align == Align::left ? " :-- |" : " --: |";
  }
  text += "\n" + rule + "\n";
  for (const Row& row : rows_) {
    text += "|";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool remark = i == row.cells.size() && !row.remark.empty();
      text += " " + escaped(i < row.cells.size() ? row.cells[i] : remark ? row.remark : "") + " |";
    }
    text += "\n";
  }
  return text;
}

}  // namespace mlpbench
