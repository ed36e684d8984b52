#include "bench/report/page_elements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/words.h"
#include "support/gnuplot.h"

namespace mlpbench {

void PageElements::verdict(const std::string& word, const std::string& sentence, bool good) {
  const auto box = html_.scope("div", {{"class", good ? "verdict good" : "verdict bad"}});
  html_.element("span", {{"class", "word"}}, fmt::format("{} {}", word, good ? "✔" : "✘"));
  const std::size_t rest = sentence.find_first_not_of(": .", word.size());
  html_.element("p", rest == std::string::npos ? "" : capitalised(sentence.substr(rest)));
}

void PageElements::bullets(const std::vector<std::string>& lines, const std::string& kind) {
  if (lines.empty()) return;
  const auto list = html_.scope("ul", {{"class", kind}});
  for (const std::string& line : lines) html_.element("li", line);
}

void PageElements::block(const std::string& lines) {
  const auto box = html_.scope("pre", {{"tabindex", "0"}});
  html_.lines(lines);
}

void PageElements::heading_row(const Grid& grid) {
  const auto head = html_.scope("thead");
  const auto row = html_.scope("tr");
  for (const Grid::Column& column : grid.columns()) {
    html_.element("th", {{"scope", "col"}, {"class", column.align == Table::Align::left ? "left" : "right"}},
                  column.title);
  }
}

void PageElements::row(const Grid& grid, const Grid::Row& row) {
  const auto line = html_.scope("tr");
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Grid::Cell& cell = row.cells[i];
    if (i == 0) {
      html_.element("th", {{"scope", "row"}}, cell.text);
      continue;
    }
    std::string classes = grid.columns()[i].align == Table::Align::left ? "left" : "right";
    if (!cell.tone.empty()) classes.append(" ").append(cell.tone);
    html_.begin("td");
    html_.attribute("class", classes);
    if (std::isfinite(cell.sort)) html_.attribute("data-sort", fmt::format("{:.9g}", cell.sort));
    html_.finish();
    html_.text(cell.text);
    html_.close("td");
  }
  const std::size_t missing = grid.columns().size() - row.cells.size();
  if (missing == 0) return;
  html_.element("td", {{"class", "remark"}, {"colspan", std::to_string(missing)}}, row.remark);
}

void PageElements::table(const Grid& grid, const std::string& label, const std::string& kind) {
  if (grid.empty()) return;
  const auto frame = html_.scope("div", {{"class", kind == "heat" ? "scroll fit" : "scroll"},
                                         {"role", "region"},
                                         {"tabindex", "0"},
                                         {"aria-label", label}});
  const auto table = html_.scope("table", {{"class", kind.empty() ? "plain" : kind}});
  heading_row(grid);
  const auto body = html_.scope("tbody");
  for (const Grid::Row& one : grid.rows()) row(grid, one);
}

void PageElements::fold(const std::string& label, const Grid& grid, const std::string& kind) {
  if (grid.empty()) return;
  const auto details = html_.scope("details");
  html_.element("summary", label);
  table(grid, label, kind);
}

void PageElements::fold(const std::string& label, const std::vector<std::pair<std::string, Grid>>& grids,
                        const std::string& kind) {
  if (std::all_of(grids.begin(), grids.end(), [](const auto& one) { return one.second.empty(); })) return;
  const auto details = html_.scope("details");
  html_.element("summary", label);
  for (const auto& [name, grid] : grids) {
    if (grid.empty()) continue;
    html_.element("h4", name);
    table(grid, label + ": " + name, kind);
  }
}

void PageElements::legend(const Figure& figure) {
  if (figure.legend.empty()) return;
  const auto list = html_.scope("ul", {{"class", "legend"}});
  for (const Figure::Mark& mark : figure.legend) {
    const auto item = html_.scope("li");
    if (mark.type > 0) write_marker(html_, mark.type, mark.ink);
    if (mark.type == Figure::kBand) html_.element("span", {{"class", "swatch"}}, "");
    if (mark.type == Figure::kDashes) html_.element("span", {{"class", "dash"}}, "");
    html_.element("span", mark.text);
  }
}

void PageElements::figure(const Figure& figure, const std::string& panels) {
  if (figure.empty()) return none(figure.instead);
  if (!draw_) return;
  Html drawings;
  try {
    for (const Drawing& drawing : figure.drawings) {
      const auto panel = drawings.scope("div", {{"class", "panel"}});
      drawings.element("h4", drawing.title);
      write_svg(drawings, gnuplot_output(drawing.script), drawing.title + ". " + figure.how);
    }
  } catch (const std::runtime_error& error) {
    return none(fmt::format("gnuplot could not draw this figure: {}", error.what()));
  }
  const auto element = html_.scope("figure");
  legend(figure);
  {
    const auto frame = html_.scope("div", {{"class", panels}});
    html_.append(drawings);
  }
  const auto caption = html_.scope("figcaption");
  html_.text(figure.caption);
  html_.literal(" <b>How to read it:</b> ");
  html_.text(figure.how);
}

}  // namespace mlpbench
