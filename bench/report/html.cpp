#include "bench/report/html.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <sstream>

#include "support/escape.h"

namespace mlpbench {

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
  if (std::find(std::begin(kWithinLines), std::end(kWithinLines), tag.view()) == std::end(kWithinLines)) {
    page_ += '\n';
  }
}

void Html::text(std::string_view content) { page_ += xml_escaped(content); }

void Html::lines(std::string_view content) {
  std::istringstream lines{std::string(content)};
  for (std::string line; std::getline(lines, line); page_ += '\n') text(line);
}

void Html::json(const nlohmann::ordered_json& value) {
  for (const char c : value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) {
    page_ += c == '<' ? std::string("\\u003c") : std::string(1, c);
  }
}

}  // namespace mlpbench
