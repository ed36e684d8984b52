#include "support/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
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

/// "1.2x" of "1.2x [1.1, 1.3]".
std::string without_brackets(const std::string& text) {
  const std::size_t open = text.find(" ["), close = text.find(']', open);
  return close == std::string::npos ? text : text.substr(0, open) + text.substr(close + 1);
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

void Table::add_column(std::string title, Align align, int shortens, int leaves) {
  columns_.push_back({std::move(title), align, shortens, leaves});
}

void Table::add_row(std::vector<Cell> cells, std::string remark) {
  if (cells.size() + (remark.empty() ? 0 : 1) > columns_.size()) {
    throw std::invalid_argument("Table: a row has more cells than there are columns");
  }
  rows_.push_back({std::move(cells), std::move(remark)});
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(display_width(shown(column.title)));
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      widths[i] = std::max(widths[i], display_width(shown(row.cells[i].text)));
  }
  return widths;
}

void Table::remove_column(std::size_t i) {
  const auto place = static_cast<std::ptrdiff_t>(i);
  columns_.erase(columns_.begin() + place);
  for (Row& row : rows_) {
    if (i < row.cells.size()) row.cells.erase(row.cells.begin() + place);
  }
}

void Table::shorten_column(std::size_t i) {
  columns_[i].title = without_brackets(columns_[i].title);
  for (Row& row : rows_) {
    if (i < row.cells.size()) row.cells[i].text = without_brackets(row.cells[i].text);
  }
}

Table Table::varying(std::vector<std::string>& same) const {
  Table table = *this;
  for (std::size_t i = columns_.size(); i-- > 2;) {
    const Row* first = nullptr;
    std::size_t alike = 0, others = 0;
    for (const Row& row : rows_) {
      if (i >= row.cells.size()) continue;
      if (first == nullptr) first = &row;
      ++(row.cells[i].text == first->cells[i].text ? alike : others);
    }
    if (alike < 2 || others > 0) continue;
    const std::string& text = first->cells[i].text;
    if (!text.empty()) same.insert(same.begin(), columns_[i].title + ": " + text);
    table.remove_column(i);
  }
  return table;
}

Table Table::fitted(std::size_t width) const {
  Table table = *this;
  const auto fits = [&] {
    const std::vector<std::size_t> widths = table.widths();
    return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + kGap.size() * widths.size() <=
           std::max(width, width + kGap.size());
  };
  int last = 0;
  for (const Column& column : columns_) last = std::max({last, column.shortens, column.leaves});
  for (int step = 1; step <= last && !fits(); ++step) {
    for (std::size_t i = table.columns_.size(); i-- > 1;) {
      if (table.columns_[i].leaves == step) {
        table.remove_column(i);
      } else if (table.columns_[i].shortens == step) {
        table.shorten_column(i);
      }
    }
  }
  for (std::size_t i = table.columns_.size(); i-- > 1 && !fits();) table.shorten_column(i);
  while (table.columns_.size() > 1 && !fits()) table.remove_column(table.columns_.size() - 1);
  return table;
}

std::string Table::console(const Terminal& terminal) const {
  Table table = *this;
  for (Row& row : table.rows_) {
    if (row.cells.empty() || row.cells.back().tone != "wrap") continue;
    row.remark = row.cells.back().text;
    row.cells.pop_back();
  }
  table = table.fitted(terminal.columns);
  const std::vector<std::size_t> widths = table.widths();
  std::string text, titles, dashes;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string_view gap = i == 0 ? "" : kGap;
    titles.append(gap).append(padded(shown(table.columns_[i].title), widths[i], table.columns_[i].align));
    dashes.append(gap).append(widths[i], '-');
  }
  append_line(text, titles);
  append_line(text, dashes);
  for (const Row& row : table.rows_) {
    std::string line;
    std::size_t place = 0;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      line.append(i == 0 ? "" : kGap);
      line += painted(padded(shown(row.cells[i].text), widths[i], table.columns_[i].align), row.cells[i].tone,
                      terminal);
      place += widths[i] + kGap.size();
    }
    if (!row.remark.empty()) {
      line.append(row.cells.empty() ? "" : kGap);
      const std::string blanks(place, ' ');
      line +=
          wrapped(blanks + shown(row.remark), std::max(terminal.columns, place + 20), blanks).substr(place);
    }
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
