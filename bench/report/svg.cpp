#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <pugixml.hpp>
#include <span>
#include <stdexcept>

#include "bench/report/html.h"

namespace mlpbench {
namespace {

constexpr std::string_view kInks[] = {"text", "muted", "grid", "band", "contour", "class0", "class1",
                                      "s1",   "s2",    "s3",   "s4",   "s5",      "s6"};

/// The class of a colour for "s"troke, "f"ill or "c"olour: "rgb(  1,   0,  12)" stands in for the last ink
/// but one. Others, "black" among them, are text.
std::string ink_class(char use, const char* color) {
  int red = 0, green = 0, blue = 0;
  const bool known = std::sscanf(color, "rgb(%3d,%3d,%3d)", &red, &green, &blue) == 3 && red == 1 &&
                     green == 0 && blue >= 1 && blue <= static_cast<int>(std::size(kInks));
  return fmt::format("{}-{}", use, kInks[known ? blue - 1 : 0]);
}

/// The elements that draw. The others, with all below them, are left out.
constexpr Literal kElements[] = {"g",      "path", "polyline", "polygon", "rect",
                                 "circle", "text", "tspan",    "use",     "image"};

/// The attributes that are kept as they are, but for the values that the page's style has for all.
constexpr Literal kAttributes[] = {"preserveAspectRatio", "points",       "cy",    "x",  "height",
                                   "stroke-opacity",      "fill-opacity", "width", "cx", "r",
                                   "text-anchor",         "stroke-width", "d",     "y",  "stroke-dasharray",
                                   "font-size",           "transform"};
constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {
    {"stroke-width", "1.00"}, {"font-size", "13.00"}, {"text-anchor", "start"}};

const Literal* find_in(std::span<const Literal> names, std::string_view name) {
  const auto found = std::ranges::find(names, name, &Literal::view);
  return found == names.end() ? nullptr : &*found;
}

/// Whether anything below it draws; gnuplot leaves many empty groups.
bool draws(const pugi::xml_node& node) {
  if (std::string_view(node.name()) != "g") return find_in(kElements, node.name()) != nullptr;
  return std::any_of(node.begin(), node.end(), draws);
}

/// "#gpPt6" as "#m6", "#gpDot" as "#mDot"; an image is in the picture itself.
std::string reference(std::string_view element, std::string_view to) {
  if (element == "image" && to.starts_with("data:image/png;base64,")) return std::string(to);
  if (element == "use" && to == "#gpDot") return "#mDot";
  if (element == "use" && to.starts_with("#gpPt")) return "#m" + std::string(to.substr(5));
  throw std::runtime_error("a plot refers to something outside of it");
}

Html::Attributes attributes_of(const pugi::xml_node& node) {
  Html::Attributes attributes;
  const std::string_view element = node.name();
  std::string classes;
  const auto add_class = [&](const std::string& name) { classes += (classes.empty() ? "" : " ") + name; };
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    const std::string_view name = attribute.name(), value = attribute.value();
    if (const Literal* kept = find_in(kAttributes, name)) {
      const bool is_default = std::ranges::find(kDefaults, std::pair(name, value)) != std::end(kDefaults);
      if (!is_default) attributes.push_back({*kept, std::string(value)});
    } else if (name == "xlink:href") {
      attributes.push_back({"href", reference(element, value)});
    } else if ((name == "fill" || name == "stroke") && value == "none") {
      if (element != "g" || name != "fill") add_class(name == "fill" ? "f-none" : "s-none");
    } else if (name == "color" ? element == "use" : name == "fill" || name == "stroke") {
      if (name == "color" || value != "currentColor") add_class(ink_class(name[0], attribute.value()));
    }
  }
  if (!classes.empty()) attributes.push_back({"class", classes});
  return attributes;
}

void write_node(Html& html, const pugi::xml_node& node) {
  const Literal* tag = find_in(kElements, node.name());
  const bool canvas =
      tag != nullptr && tag->view() == "rect" && std::string_view(node.attribute("fill").value()) == "none";
  if (tag == nullptr || canvas || !draws(node)) return;
  const auto element = html.scope(*tag, attributes_of(node));
  if (tag->view() == "text" || tag->view() == "tspan") html.text(node.child_value());
  for (const pugi::xml_node& child : node) write_node(html, child);
}

}  // namespace

std::string stand_in(Ink ink) { return fmt::format("#0100{:02x}", static_cast<int>(ink) + 1); }

void write_svg(Html& html, const std::string& svg, const std::string& label) {
  pugi::xml_document document;
  // The lists of numbers, which gnuplot breaks into lines, get one blank between two.
  const auto flags = pugi::parse_default | pugi::parse_wnorm_attribute;
  const bool parsed = static_cast<bool>(document.load_buffer(svg.data(), svg.size(), flags));
  const pugi::xml_node root = document.child("svg");
  if (!parsed || !root) throw std::runtime_error("this is no SVG of gnuplot");
  const auto picture = html.scope("svg", {{"class", "plot"},
                                          {"role", "img"},
                                          {"aria-label", label},
                                          {"width", root.attribute("width").value()},
                                          {"height", root.attribute("height").value()},
                                          {"viewBox", root.attribute("viewBox").value()}});
  html.element("title", label);
  for (const pugi::xml_node& child : root) write_node(html, child);
}

void write_marker(Html& html, Look look) {
  const auto picture = html.scope("svg", {{"class", "mark"},
                                          {"viewBox", "-2 -2 4 4"},
                                          {"width", "14"},
                                          {"height", "14"},
                                          {"aria-hidden", "true"}});
  const auto use =
      html.scope("use", {{"href", fmt::format("#m{}", look.type - 1)},
                         {"class", fmt::format("c-{}", kInks[static_cast<std::size_t>(look.ink)])}});
}

}  // namespace mlpbench
