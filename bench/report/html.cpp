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
#include "support/text.h"

namespace mlpbench {
namespace {

/// The side and the tone of a cell as classes; numbers are on the right without one.
Html::Attributes classes_of(const Table::Column& column, std::string_view tone = "") {
  std::string classes = column.align == Table::Align::left ? "left" : "";
  if (!tone.empty()) classes.append(classes.empty() ? "" : " ").append(tone);
  return classes.empty() ? Html::Attributes{} : Html::Attributes{{"class", classes}};
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
  static constexpr std::string_view kWithinLines[] = {"a",     "b",   "code", "span",
                                                      "title", "use", "path", "text"};
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

void Html::verdict(const std::string& sentence, std::string_view tone) {
  const std::string word = sentence.substr(0, sentence.find_first_of(":."));
  const auto box = scope("div", {{"class", "verdict " + std::string(tone)}});
  const char* mark = tone == "good" ? " ✔" : tone == "bad" ? " ✘" : "";
  element("span", {{"class", "word"}}, word + mark);
  std::string rest =
      sentence.substr(std::min(sentence.find_first_not_of(": .", word.size()), sentence.size()));
  if (!rest.empty() && rest[0] >= 'a' && rest[0] <= 'z') rest[0] = static_cast<char>(rest[0] - 'a' + 'A');
  element("p", rest);
}

void Html::heading(Literal tag, const std::string& content, const std::string& id) {
  const std::string name = slug(id.empty() ? content : id);
  std::string unique = name;
  for (int copy = 2; !ids_.insert(unique).second; ++copy) unique = fmt::format("{}-{}", name, copy);
  const auto line = scope(tag, {{"id", unique}});
  text(content);
  literal(" ");
  element("a", {{"class", "self"}, {"href", "#" + unique}, {"aria-label", "link to " + content}}, "#");
}

Html::Scope Html::fold(const std::string& label, bool data) {
  lone("details", data ? Attributes{{"class", "data"}} : Attributes{});
  element("summary", label);
  return Scope(*this, "details");
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
    Html::Attributes attributes = classes_of(data.columns()[i], cell.tone);
    if (std::isfinite(cell.sort)) attributes.push_back({"data-sort", fmt::format("{:.6g}", cell.sort)});
    element("td", attributes, cell.text);
  }
  const std::size_t missing = data.columns().size() - row.cells.size();
  if (missing == 0) return;
  element("td", {{"class", "remark"}, {"colspan", std::to_string(missing)}}, row.remark);
}

void Html::table(const Table& data, const std::string& label, const std::string& kind) {
  if (data.empty()) return;
  std::vector<std::string> same;
  const Table shown = kind == "sortable" ? data.varying(same) : data;
  {
    const auto frame = scope("div", {{"class", kind == "heat" ? "scroll fit" : "scroll"},
                                     {"role", "region"},
                                     {"tabindex", "0"},
                                     {"aria-label", label}});
    const auto rows = scope("table", {{"class", kind.empty() ? "plain" : kind}});
    {
      const auto head = scope("thead");
      const auto line = scope("tr");
      for (const Table::Column& column : shown.columns()) {
        Attributes attributes = classes_of(column);
        attributes.push_back({"scope", "col"});
        element("th", attributes, column.title);
      }
    }
    const auto body = scope("tbody");
    for (const Table::Row& one : shown.rows()) row(shown, one);
  }
  if (!same.empty()) element("p", {{"class", "note"}}, "In every row: " + listed(same));
}

void Html::folded(const std::string& label, const Table& data, const std::string& kind) {
  if (data.empty()) return;
  const auto details = fold(label);
  table(data, label, kind);
}

void Html::legend(const std::vector<Figure::Mark>& marks, const Attributes& attributes) {
  if (marks.empty()) return;
  const auto list = scope("ul", attributes);
  for (const Figure::Mark& mark : marks) {
    const auto item = scope("li", mark.switches ? Attributes{{"data-name", mark.text}} : Attributes{});
    const int type = mark.look.type;
    if (type > 0) write_marker(*this, mark.look);
    if (type <= 0) element("span", {{"class", type == Figure::kBand ? "swatch" : "dash"}}, "");
    element("span", mark.text);
  }
}

void Html::figure(const Figure& figure) {
  if (figure.empty()) return;
  const auto whole = scope("figure");
  legend(figure.legend, {{"class", "legend"}});
  {
    const auto frame = scope("div", {{"class", "panels"}});
    for (const Panel& panel : figure.panels) {
      Attributes attributes = {{"class", "panel"}};
      if (!panel.of.empty()) attributes.push_back({"data-of", panel.of});
      const auto one = scope("div", attributes);
      element("p", {{"class", "title"}}, panel.title);
      write_panel(*this, panel, panel.title + ". " + figure.how);
    }
  }
  if (!figure.numbered.empty()) {
    const auto numbers = scope("ol", {{"class", "numbers"}});
    for (const std::string& name : figure.numbered) element("li", name);
  }
  const auto caption = scope("figcaption");
  text(figure.caption);
  literal(" <b>How to read it:</b> ");
  text(figure.how);
}

}  // namespace mlpbench
