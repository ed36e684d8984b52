#include "bench/report/page_elements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/gnuplot.h"

namespace mlpbench {
namespace {

std::string side_of(const Table::Column& column) {
  return column.align == Table::Align::left ? "left" : "right";
}

}  // namespace

void PageElements::verdict(const std::string& sentence, bool good) {
  const std::string word = sentence.substr(0, sentence.find(':'));
  const auto box = html_.scope("div", {{"class", good ? "verdict good" : "verdict bad"}});
  html_.element("span", {{"class", "word"}}, fmt::format("{} {}", word, good ? "✔" : "✘"));
  std::string rest =
      sentence.substr(std::min(sentence.find_first_not_of(": .", word.size()), sentence.size()));
  if (!rest.empty() && rest[0] >= 'a' && rest[0] <= 'z') rest[0] = static_cast<char>(rest[0] - 'a' + 'A');
  html_.element("p", rest);
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

void PageElements::row(const Table& data, const Table::Row& row) {
  const auto line = html_.scope("tr");
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Table::Cell& cell = row.cells[i];
    if (i == 0) {
      html_.element("th", {{"scope", "row"}}, cell.text);
      continue;
    }
    const std::string tone = (cell.tone.empty() ? "" : " ") + std::string(cell.tone);
    Html::Attributes attributes = {{"class", side_of(data.columns()[i]) + tone}};
    if (std::isfinite(cell.sort)) attributes.push_back({"data-sort", fmt::format("{:.9g}", cell.sort)});
    html_.element("td", attributes, cell.text);
  }
  const std::size_t missing = data.columns().size() - row.cells.size();
  if (missing == 0) return;
  html_.element("td", {{"class", "remark"}, {"colspan", std::to_string(missing)}}, row.remark);
}

void PageElements::table(const Table& data, const std::string& label, const std::string& kind) {
  if (data.empty()) return;
  const auto frame = html_.scope("div", {{"class", kind == "heat" ? "scroll fit" : "scroll"},
                                         {"role", "region"},
                                         {"tabindex", "0"},
                                         {"aria-label", label}});
  const auto table = html_.scope("table", {{"class", kind.empty() ? "plain" : kind}});
  {
    const auto head = html_.scope("thead");
    const auto line = html_.scope("tr");
    for (const Table::Column& column : data.columns()) {
      html_.element("th", {{"scope", "col"}, {"class", side_of(column)}}, column.title);
    }
  }
  const auto body = html_.scope("tbody");
  for (const Table::Row& one : data.rows()) row(data, one);
}

void PageElements::fold(const std::string& label, const Table& data, const std::string& kind) {
  if (data.empty()) return;
  const auto details = html_.scope("details");
  html_.element("summary", label);
  table(data, label, kind);
}

void PageElements::fold(const std::string& label, const std::vector<std::pair<std::string, Table>>& tables) {
  if (std::all_of(tables.begin(), tables.end(), [](const auto& one) { return one.second.empty(); })) return;
  const auto details = html_.scope("details");
  html_.element("summary", label);
  for (const auto& [name, one] : tables) {
    if (one.empty()) continue;
    html_.element("h4", name);
    table(one, label + ": " + name, "");
  }
}

void PageElements::legend(const Figure& figure) {
  if (figure.legend.empty()) return;
  const auto list = html_.scope("ul", {{"class", "legend"}});
  for (const Figure::Mark& mark : figure.legend) {
    const auto item = html_.scope("li");
    const int type = mark.look.type;
    if (type > 0) write_marker(html_, type, mark.look.ink);
    if (type <= 0) html_.element("span", {{"class", type == Figure::kBand ? "swatch" : "dash"}}, "");
    html_.element("span", mark.text);
  }
}

void PageElements::figure(const Figure& figure, const std::string& panels) {
  if (figure.empty()) return none(figure.instead);
  if (!draw_) return;
  Html drawings;
  try {
    for (const Panel& panel : figure.panels) {
      const auto frame = drawings.scope("div", {{"class", "panel"}});
      drawings.element("h4", panel.title);
      write_svg(drawings, gnuplot_output(gnuplot_script(panel)), panel.title + ". " + figure.how);
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
