#include "bench/report/html.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "support/escape.h"

namespace mlpbench {

Html::Scope Html::scope(Literal tag, Attributes attributes) {
  begin(tag);
  for (const Attribute& one : attributes) attribute(one.name, one.value);
  finish();
  return Scope(*this, tag);
}

void Html::element(Literal tag, Attributes attributes, std::string_view content) {
  const Scope element = scope(tag, attributes);
  text(content);
}

void Html::lone(Literal tag, Attributes attributes) {
  begin(tag);
  for (const Attribute& one : attributes) attribute(one.name, one.value);
  finish();
}

void Html::begin(Literal tag) { page_.append("<").append(tag.view()); }

void Html::attribute(Literal name, std::string_view value) {
  page_.append(" ").append(name.view()).append("=\"");
  page_.append(xml_escaped(value, std::numeric_limits<std::size_t>::max())).append("\"");
}

void Html::finish() { page_ += '>'; }

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
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    text(content.substr(0, end));
    page_ += '\n';
    if (end == std::string_view::npos) break;
    content.remove_prefix(end + 1);
  }
}

void Html::literal(Literal content) { page_ += content.view(); }

void Html::json(const nlohmann::ordered_json& value) {
  for (const char c : value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) {
    if (c == '<') {
      page_ += "\\u003c";
    } else {
      page_ += c;
    }
  }
}

}  // namespace mlpbench
