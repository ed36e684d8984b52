#include "bench/report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace mlpbench {
namespace {

struct InkName {
  Literal stroke, fill, color;
};
constexpr std::array<InkName, 13> kInks = {{{"s-text", "f-text", "c-text"},
                                            {"s-muted", "f-muted", "c-muted"},
                                            {"s-grid", "f-grid", "c-grid"},
                                            {"s-band", "f-band", "c-band"},
                                            {"s-contour", "f-contour", "c-contour"},
                                            {"s-class0", "f-class0", "c-class0"},
                                            {"s-class1", "f-class1", "c-class1"},
                                            {"s-s1", "f-s1", "c-s1"},
                                            {"s-s2", "f-s2", "c-s2"},
                                            {"s-s3", "f-s3", "c-s3"},
                                            {"s-s4", "f-s4", "c-s4"},
                                            {"s-s5", "f-s5", "c-s5"},
                                            {"s-s6", "f-s6", "c-s6"}}};

/// The ink that a colour stands in for: "rgb(  1,   0,  12)" is the last but one. Others, "black" and
/// "currentColor" among them, are text.
std::size_t ink_of(std::string_view color) {
  std::array<int, 3> parts{};
  std::size_t part = 0;
  for (std::size_t i = color.starts_with("rgb(") ? 4 : color.size(); i < color.size() && part < 3; ++i) {
    const char* end = color.data() + color.size();
    const auto [next, error] = std::from_chars(color.data() + i, end, parts[part]);
    if (error != std::errc()) continue;
    ++part;
    i = static_cast<std::size_t>(next - color.data());
  }
  const bool known = part == 3 && parts[0] == 1 && parts[1] == 0 && parts[2] >= 1 &&
                     static_cast<std::size_t>(parts[2]) <= kInks.size();
  return known ? static_cast<std::size_t>(parts[2] - 1) : 0;
}

using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

struct Node {
  std::string_view name;
  Attributes attributes;
  std::vector<Node> children;
  std::string text;

  std::string_view attribute(std::string_view key) const {
    for (const auto& [name_of, value] : attributes) {
      if (name_of == key) return value;
    }
    return {};
  }
};

/// A list of numbers, which gnuplot breaks into lines, with one blank between two.
std::string on_one_line(std::string_view list) {
  std::string line;
  for (const char c : list) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (blank && (line.empty() || line.back() == ' ')) continue;
    line += blank ? ' ' : c;
  }
  return line;
}

/// Text without the entities that gnuplot writes.
std::string unescaped(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  std::string plain;
  while (!text.empty()) {
    const auto entity = std::find_if(std::begin(kEntities), std::end(kEntities),
                                     [&](const auto& e) { return text.starts_with(e.first); });
    const bool found = entity != std::end(kEntities);
    plain += found ? entity->second : text.front();
    text.remove_prefix(found ? entity->first.size() : 1);
  }
  return plain;
}

/// Reads as much of XML as gnuplot writes: elements, attributes, text, the five entities.
class SvgReader {
 public:
  explicit SvgReader(std::string_view text) : rest_(text) {}

  Node document() {
    const std::size_t start = rest_.find("<svg");
    if (start == std::string_view::npos) fail();
    rest_.remove_prefix(start);
    return element(0);
  }

 private:
  [[noreturn]] static void fail() { throw std::runtime_error("this is no SVG of gnuplot"); }

  void skip_blanks() {
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) != std::string_view::npos) {
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) fail();
  }
  std::string_view take_while(std::string_view stop) {
    const std::size_t end = rest_.find_first_of(stop);
    if (end == std::string_view::npos) fail();
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return taken;
  }
  void expect(char c) {
    skip_blanks();
    if (rest_.front() != c) fail();
    rest_.remove_prefix(1);
  }

  Node element(int depth) {
    if (depth > 50) fail();
    Node node;
    expect('<');
    node.name = take_while(" \t\r\n/>");
    for (skip_blanks(); rest_.front() != '/' && rest_.front() != '>'; skip_blanks()) {
      const std::string_view name = take_while(" \t\r\n=");
      expect('=');
      skip_blanks();
      const char quote = rest_.front();
      if (quote != '"' && quote != '\'') fail();
      rest_.remove_prefix(1);
      node.attributes.emplace_back(name, take_while(std::string_view(&quote, 1)));
      rest_.remove_prefix(1);
    }
    if (rest_.front() == '/') {
      rest_.remove_prefix(1);
      expect('>');
      return node;
    }
    expect('>');
    for (;;) {
      node.text += unescaped(take_while("<"));
      if (rest_.starts_with("</")) break;
      node.children.push_back(element(depth + 1));
    }
    take_while(">");
    rest_.remove_prefix(1);
    return node;
  }

  std::string_view rest_;
};

/// The elements that draw. The others, with all below them, are left out.
constexpr Literal kElements[] = {"g",      "path", "polyline", "polygon", "rect",
                                 "circle", "text", "tspan",    "use",     "image"};
/// The attributes that are kept as they are.
constexpr Literal kAttributes[] = {"d",
                                   "points",
                                   "transform",
                                   "x",
                                   "y",
                                   "width",
                                   "height",
                                   "cx",
                                   "cy",
                                   "r",
                                   "fill-opacity",
                                   "stroke-opacity",
                                   "stroke-dasharray",
                                   "preserveAspectRatio"};

template <std::size_t N>
std::optional<Literal> known(const Literal (&list)[N], std::string_view name) {
  for (const Literal& literal : list) {
    if (literal.view() == name) return literal;
  }
  return std::nullopt;
}

/// Whether anything below it draws; gnuplot leaves many empty groups.
bool draws(const Node& node) {
  if (node.name != "g") return known(kElements, node.name).has_value();
  return std::any_of(node.children.begin(), node.children.end(), draws);
}

/// The number of "#gpPt6" as "#m6", "#gpDot" as "#mDot".
std::string marker_reference(std::string_view reference) {
  if (reference == "#gpDot") return "#mDot";
  if (!reference.starts_with("#gpPt"))
    throw std::runtime_error("a plot refers to something else than a marker");
  return "#m" + std::string(reference.substr(5));
}

void add_class(std::string& classes, Literal name) {
  classes.append(classes.empty() ? "" : " ").append(name.view());
}

void write_attributes(Html& html, const Node& node) {
  std::string classes;
  for (const auto& [name, value] : node.attributes) {
    if (const std::optional<Literal> kept = known(kAttributes, name)) {
      html.attribute(*kept, on_one_line(value));
    } else if (name == "stroke-width" && value != "1.00") {
      html.attribute("stroke-width", unescaped(value));
    } else if (name == "font-size" && value != "13.00") {
      html.attribute("font-size", unescaped(value));
    } else if (name == "text-anchor" && value != "start") {
      html.attribute("text-anchor", unescaped(value));
    } else if ((name == "fill" || name == "stroke") && value == "none") {
      if (!(node.name == "g" && name == "fill"))
        add_class(classes, name == "fill" ? Literal("f-none") : Literal("s-none"));
    } else if (name == "stroke" && value != "currentColor") {
      add_class(classes, kInks[ink_of(value)].stroke);
    } else if (name == "fill" && value != "currentColor") {
      add_class(classes, kInks[ink_of(value)].fill);
    } else if (name == "color" && node.name == "use") {
      add_class(classes, kInks[ink_of(value)].color);
    } else if (name == "xlink:href" && node.name == "use") {
      html.attribute("href", marker_reference(value));
    } else if (name == "xlink:href" && node.name == "image") {
      if (!value.starts_with("data:image/png;base64,")) throw std::runtime_error("an image is no PNG");
      html.attribute("href", value);
    }
  }
  if (!classes.empty()) html.attribute("class", classes);
}

void write_node(Html& html, const Node& node) {
  const std::optional<Literal> tag = known(kElements, node.name);
  const bool canvas = node.name == "rect" && node.attribute("fill") == "none";
  if (!tag || canvas || !draws(node)) return;
  html.begin(*tag);
  write_attributes(html, node);
  html.finish();
  if (node.name == "text" || node.name == "tspan") html.text(node.text);
  for (const Node& child : node.children) write_node(html, child);
  html.close(*tag);
}

}  // namespace

std::string stand_in(Ink ink) { return fmt::format("#0100{:02x}", static_cast<int>(ink) + 1); }

void write_svg(Html& html, std::string_view svg, const std::string& label) {
  const Node root = SvgReader(svg).document();
  if (root.name != "svg") throw std::runtime_error("this is no SVG of gnuplot");
  const auto picture = html.scope("svg", {{"class", "plot"},
                                          {"role", "img"},
                                          {"aria-label", label},
                                          {"width", std::string(root.attribute("width"))},
                                          {"height", std::string(root.attribute("height"))},
                                          {"viewBox", std::string(root.attribute("viewBox"))}});
  html.element("title", label);
  for (const Node& child : root.children) write_node(html, child);
}

void write_marker_definitions(Html& html) {
  html.literal(
      R"(<svg class="markers" width="0" height="0" aria-hidden="true"><defs>
<circle id="mDot" r="0.5" fill="currentColor"/>
<path id="m0" d="M-1,0 h2 M0,-1 v2" stroke-width="0.4" stroke="currentColor"/>
<path id="m1" d="M-1,-1 L1,1 M1,-1 L-1,1" stroke-width="0.4" stroke="currentColor"/>
<path id="m2" d="M-1,0 L1,0 M0,-1 L0,1 M-1,-1 L1,1 M-1,1 L1,-1" stroke-width="0.3" stroke="currentColor"/>
<rect id="m3" x="-.85" y="-.85" width="1.7" height="1.7" stroke-width="0.4" stroke="currentColor" fill="none"/>
<rect id="m4" x="-.95" y="-.95" width="1.9" height="1.9" stroke="none" fill="currentColor"/>
<circle id="m5" r=".9" stroke-width="0.4" stroke="currentColor" fill="none"/>
<circle id="m6" r="1.05" fill="currentColor"/>
<path id="m7" d="M0,-1.33 L-1.2,0.67 L1.2,0.67 z" stroke-width="0.4" stroke="currentColor" fill="none"/>
<path id="m8" d="M0,-1.45 L-1.33,0.75 L1.33,0.75 z" fill="currentColor"/>
<path id="m9" d="M0,1.33 L-1.2,-0.67 L1.2,-0.67 z" stroke-width="0.4" stroke="currentColor" fill="none"/>
<path id="m10" d="M0,1.45 L-1.33,-0.75 L1.33,-0.75 z" stroke="none" fill="currentColor"/>
<path id="m11" d="M0,-1.3 L1.2,0 L0,1.3 L-1.2,0 z" stroke-width="0.4" stroke="currentColor" fill="none"/>
<path id="m12" d="M0,-1.4 L1.3,0 L0,1.4 L-1.3,0 z" stroke="none" fill="currentColor"/>
<path id="m13" d="M0,-1.2 L1.14,-0.37 L0.71,0.97 L-0.71,0.97 L-1.14,-0.37 z" stroke-width="0.4" stroke="currentColor" fill="none"/>
<path id="m14" d="M0,-1.3 L1.24,-0.4 L0.77,1.06 L-0.77,1.06 L-1.24,-0.4 z" stroke="none" fill="currentColor"/>
</defs></svg>
)");
}

void write_marker(Html& html, int type, Ink ink) {
  const auto picture = html.scope("svg", {{"class", "mark"},
                                          {"viewBox", "-2 -2 4 4"},
                                          {"width", "14"},
                                          {"height", "14"},
                                          {"aria-hidden", "true"}});
  const auto use =
      html.scope("use", {{"href", fmt::format("#m{}", type - 1)},
                         {"class", std::string(kInks[static_cast<std::size_t>(ink)].color.view())}});
}

}  // namespace mlpbench
