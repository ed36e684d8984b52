#include "bench/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>
#include <sstream>

#include "support/digest.h"
#include "support/escape.h"
#include "support/gnuplot.h"

namespace mlpbench {
namespace {

std::string side_of(const Table::Column& column) {
  return column.align == Table::Align::left ? "left" : "right";
}

/// "'sha256-...'" of a part of the page.
std::string hash_source(Literal part) {
  Sha256 sha;
  sha.add(std::as_bytes(std::span(part.view())));
  return "'sha256-" + base64(sha.digest()) + "'";
}

}  // namespace

std::string content_security_policy() {
  return fmt::format(
      "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
      hash_source(kPageStyle), hash_source(kPageScript));
}

Html::Scope Html::scope(Literal tag, const Attributes& attributes) {
  lone(tag, attributes);
  return Scope(*this, tag);
}

void Html::element(Literal tag, const Attributes& attributes, std::string_view content) {
  const Scope element = scope(tag, attributes);
  text(content);
}

void Html::lone(Literal tag, const Attributes& attributes) {
  page_.append("<").append(tag.view());
  for (const Attribute& one : attributes) {
    page_.append(" ").append(one.name.view()).append("=\"");
    page_.append(xml_escaped(one.value, std::numeric_limits<std::size_t>::max())).append("\"");
  }
  page_ += '>';
}

void Html::close(Literal tag) {
  static constexpr std::string_view kWithinLines[] = {"a", "b", "code", "span"};
  page_.append("</").append(tag.view()).append(">");
  // A line break after one of these would show as a blank.
  if (std::ranges::find(kWithinLines, tag.view()) == std::end(kWithinLines)) page_ += '\n';
}

void Html::text(std::string_view content) { page_ += xml_escaped(content); }

void Html::lines(std::string_view content) {
  std::istringstream lines{std::string(content)};
  for (std::string line; std::getline(lines, line); page_ += '\n') text(line);
}

void Html::json(const nlohmann::ordered_json& value) {
  for (const char c : value.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace)) {
    page_ += c == '<' ? std::string("\\u003c") : std::string(1, c);
  }
}

void Html::verdict(const std::string& sentence, bool good) {
  const std::string word = sentence.substr(0, sentence.find(':'));
  const auto box = scope("div", {{"class", good ? "verdict good" : "verdict bad"}});
  element("span", {{"class", "word"}}, fmt::format("{} {}", word, good ? "✔" : "✘"));
  std::string rest =
      sentence.substr(std::min(sentence.find_first_not_of(": .", word.size()), sentence.size()));
  if (!rest.empty() && rest[0] >= 'a' && rest[0] <= 'z') rest[0] = static_cast<char>(rest[0] - 'a' + 'A');
  element("p", rest);
}

void Html::bullets(const std::vector<std::string>& lines, const std::string& kind) {
  if (lines.empty()) return;
  const auto list = scope("ul", {{"class", kind}});
  for (const std::string& line : lines) element("li", line);
}

void Html::block(const std::string& text) {
  const auto box = scope("pre", {{"tabindex", "0"}});
  lines(text);
}

void Html::row(const Table& data, const Table::Row& row) {
  const auto line = scope("tr");
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Table::Cell& cell = row.cells[i];
    if (i == 0) {
      element("th", {{"scope", "row"}}, cell.text);
      continue;
    }
    const std::string tone = (cell.tone.empty() ? "" : " ") + std::string(cell.tone);
    Html::Attributes attributes = {{"class", side_of(data.columns()[i]) + tone}};
    if (std::isfinite(cell.sort)) attributes.push_back({"data-sort", fmt::format("{:.9g}", cell.sort)});
    element("td", attributes, cell.text);
  }
  const std::size_t missing = data.columns().size() - row.cells.size();
  if (missing == 0) return;
  element("td", {{"class", "remark"}, {"colspan", std::to_string(missing)}}, row.remark);
}

void Html::table(const Table& data, const std::string& label, const std::string& kind) {
  if (data.empty()) return;
  const auto frame = scope("div", {{"class", kind == "heat" ? "scroll fit" : "scroll"},
                                   {"role", "region"},
                                   {"tabindex", "0"},
                                   {"aria-label", label}});
  const auto rows = scope("table", {{"class", kind.empty() ? "plain" : kind}});
  {
    const auto head = scope("thead");
    const auto line = scope("tr");
    for (const Table::Column& column : data.columns()) {
      element("th", {{"scope", "col"}, {"class", side_of(column)}}, column.title);
    }
  }
  const auto body = scope("tbody");
  for (const Table::Row& one : data.rows()) row(data, one);
}

void Html::fold(const std::string& label, const Table& data, const std::string& kind) {
  if (data.empty()) return;
  const auto details = scope("details");
  element("summary", label);
  table(data, label, kind);
}

void Html::fold(const std::string& label, const std::vector<std::pair<std::string, Table>>& tables) {
  if (std::ranges::all_of(tables, [](const auto& one) { return one.second.empty(); })) return;
  const auto details = scope("details");
  element("summary", label);
  for (const auto& [name, one] : tables) {
    if (one.empty()) continue;
    element("h4", name);
    table(one, label + ": " + name);
  }
}

void Html::drawn(const Figure& figure, const std::string& panels) {
  const auto whole = scope("figure");
  if (!figure.legend.empty()) {
    const auto list = scope("ul", {{"class", "legend"}});
    for (const Figure::Mark& mark : figure.legend) {
      const auto item = scope("li");
      const int type = mark.look.type;
      if (type > 0) write_marker(*this, mark.look);
      if (type <= 0) element("span", {{"class", type == Figure::kBand ? "swatch" : "dash"}}, "");
      element("span", mark.text);
    }
  }
  {
    const auto frame = scope("div", {{"class", panels}});
    for (const Panel& panel : figure.panels) {
      const auto one = scope("div", {{"class", "panel"}});
      element("h4", panel.title);
      write_svg(*this, gnuplot_output(gnuplot_script(panel)), panel.title + ". " + figure.how);
    }
  }
  const auto caption = scope("figcaption");
  text(figure.caption);
  literal(" <b>How to read it:</b> ");
  text(figure.how);
}

void Html::figure(const Figure& figure, const std::string& panels) {
  if (figure.empty()) return none(figure.instead);
  if (!draw_) return;
  const std::size_t before = page_.size();
  try {
    drawn(figure, panels);
  } catch (const std::runtime_error& error) {
    page_.resize(before);
    none(fmt::format("gnuplot could not draw this figure: {}", error.what()));
  }
}

}  // namespace mlpbench
