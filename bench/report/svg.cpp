#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/html.h"
#include "bench/report/words.h"

namespace mlpbench {
namespace {

using Kind = Series::Kind;

constexpr double kFarthest = 1e150, kMarker = 5.0;  ///< the latter in pixels: a marker's unit

std::string pixels(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

/// Writes one panel. Colours are classes of the page's style: one drawing serves all colour schemes.
class Drawing {
 public:
  Drawing(Html& html, const Panel& panel) : html_(html), panel_(panel) {}

  void frame();
  void map(const ColorMap& map);
  void contour(const ColorMap& map);
  void series(const Series& series);
  void text(const std::string& at, std::string_view anchor, const Ink& ink, const std::string& text,
            double turned = 0.0);
  void labels();

 private:
  double left(double value) const {
    return panel_.margins.left + panel_.plot_width() * panel_.x.place(value);
  }
  double top(double value) const {
    return panel_.height - panel_.margins.bottom - panel_.plot_height() * panel_.y.place(value);
  }
  std::string x(double value) const { return pixels(left(value)); }
  std::string y(double value) const { return pixels(top(value)); }
  std::string at(const std::vector<double>& row) const { return x(row[0]) + " " + y(row[1]); }
  bool is_drawable(const Series& series, const std::vector<double>& row) const;
  void path(const std::string& d, const std::string& classes, const Html::Attributes& more = {});
  void grid_line(const std::string& d) { path(d, "s-grid"); }
  std::string value_of(const Series& series, std::size_t i) const;
  void mark(const Series& series, std::size_t i);
  std::string outline(const Series& series) const;

  Html& html_;
  const Panel& panel_;
};

bool Drawing::is_drawable(const Series& series, const std::vector<double>& row) const {
  const bool along_x = series.kind == Kind::interval || series.kind == Kind::box;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool is_x = i == 0 || (along_x && i != 1 && !(series.kind == Kind::box && i == 3));
    if (!(std::abs(row[i]) <= kFarthest)) return false;
    if ((is_x ? panel_.x : panel_.y).logarithmic && !(row[i] > 0.0)) return false;
  }
  return true;
}

void Drawing::path(const std::string& d, const std::string& classes, const Html::Attributes& more) {
  Html::Attributes attributes = {{"d", d}, {"class", classes}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  const auto element = html_.scope("path", attributes);
}

void Drawing::text(const std::string& place, std::string_view anchor, const Ink& ink, const std::string& text,
                   double turned) {
  std::string transform = "translate(" + place + ")";
  if (turned != 0.0) transform += "rotate(" + pixels(-turned) + ")";
  html_.element(
      "text", {{"class", "f-" + ink}, {"text-anchor", std::string(anchor)}, {"transform", transform}}, text);
}

void Drawing::frame() {
  const Panel& p = panel_;
  const int right = p.width - p.margins.right, bottom = p.height - p.margins.bottom;
  for (const Tick& tick : ticks_of(p.x, p.plot_width(), true)) {
    if (!p.map) grid_line(fmt::format("M{} {}V{}", x(tick.at), p.margins.top, bottom));
    text(fmt::format("{} {}", x(tick.at), bottom + 17), "middle", "text", tick.text);
  }
  if (p.rows.empty()) {
    for (const Tick& tick : ticks_of(p.y, p.plot_height(), false)) {
      if (!p.map) grid_line(fmt::format("M{} {}H{}", p.margins.left, y(tick.at), right));
      text(fmt::format("{} {}", p.margins.left - 6, pixels(std::stod(y(tick.at)) + 4)), "end", "text",
           tick.text);
    }
  }
  for (std::size_t i = 0; i < p.rows.size(); ++i) {
    const std::string middle = pixels(std::stod(y(static_cast<double>(i + 1))) + 4);
    text(fmt::format("{} {}", p.margins.left - 8, middle), "end", "text", printable(p.rows[i], 40));
  }
  path(p.rows.empty() ? fmt::format("M{0} {1}V{2}H{3}", p.margins.left, p.margins.top, bottom, right)
                      : fmt::format("M{} {}H{}", p.margins.left, bottom, right),
       "s-muted");
  if (!p.x.title.empty()) {
    text(fmt::format("{} {}", pixels(p.margins.left + p.plot_width() / 2), p.height - 8), "middle", "text",
         p.x.title);
  }
  if (!p.y.title.empty()) {
    text(fmt::format("13 {}", pixels(p.margins.top + p.plot_height() / 2)), "middle", "text", p.y.title,
         90.0);
  }
}

/// One path for each shade, in units of the grid: a rectangle for each run of it in a line.
void Drawing::map(const ColorMap& map) {
  std::vector<std::string> shades(ColorMap::kShades);
  const auto shade = [&](std::size_t i) {
    const double part = (map.values[i] - map.low) / (map.high - map.low);
    return static_cast<std::size_t>(std::clamp(part, 0.0, 0.999) * ColorMap::kShades);
  };
  for (std::size_t line = 0; line < map.grid; ++line) {
    for (std::size_t i = 0, next = 0; i < map.grid; i = next) {
      const std::size_t kind = shade(line * map.grid + i);
      while (next < map.grid && shade(line * map.grid + next) == kind) ++next;
      shades[kind] += fmt::format("M{} {}h{}v1.1h-{}z", i, line, next - i, next - i);
    }
  }
  const double cells = static_cast<double>(map.grid);
  const auto group = html_.scope(
      "g", {{"transform", fmt::format("translate({} {})scale({:.4f} {:.4f})", panel_.margins.left,
                                      panel_.height - panel_.margins.bottom, panel_.plot_width() / cells,
                                      -panel_.plot_height() / cells)}});
  for (std::size_t i = 0; i < shades.size(); ++i) {
    if (!shades[i].empty()) path(shades[i], fmt::format("{}{}", map.palette, i));
  }
}

/// Between neighbours on either side of the level a line is drawn, halfway along the interpolated crossings
/// of each cell's edges. These are marching squares; an ambiguous cell has both lines.
void Drawing::contour(const ColorMap& map) {
  const double last = static_cast<double>(map.grid - 1);
  std::string d;
  for (std::size_t line = 0; line + 1 < map.grid; ++line) {
    for (std::size_t column = 0; column + 1 < map.grid; ++column) {
      const std::size_t corner = line * map.grid + column;
      const std::array<std::size_t, 4> corners = {corner, corner + 1, corner + map.grid + 1,
                                                  corner + map.grid};
      int crossings = 0;
      for (std::size_t edge = 0; edge < 4; ++edge) {
        const std::size_t from = corners[edge], to = corners[(edge + 1) % 4];
        const double one = map.values[from] - *map.contour, other = map.values[to] - *map.contour;
        if ((one > 0.0) == (other > 0.0)) continue;
        const double part = one / (one - other);
        const auto between = [&](std::size_t a, std::size_t b) {
          return (static_cast<double>(a) + part * (static_cast<double>(b) - static_cast<double>(a))) / last;
        };
        d += fmt::format(
            "{}{} {}", crossings++ % 2 == 0 ? 'M' : 'L',
            pixels(panel_.margins.left + panel_.plot_width() * between(from % map.grid, to % map.grid)),
            pixels(panel_.height - panel_.margins.bottom -
                   panel_.plot_height() * between(from / map.grid, to / map.grid)));
      }
    }
  }
  if (!d.empty()) path(d, "s-contour", {{"stroke-width", "2"}});
}

/// "avx2 float32: 3.1x [3, 3.2]"; where both axes have values "avx2: 5 ms, 0.4".
std::string Drawing::value_of(const Series& series, std::size_t i) const {
  const std::vector<double>& row = series.rows[i];
  const bool bar = row.size() == 4;
  const auto with_bar = [&](const Axis& axis, double value) {
    const std::string middle = axis.text(value);
    return bar ? bracketed_text(middle, axis.text(row[2]), axis.text(row[3])) : middle;
  };
  const std::string name = series.names.empty() ? series.name : series.names[i];
  return (name.empty() ? "" : name + ": ") + (panel_.rows.empty()
                                                  ? panel_.x.text(row[0]) + ", " + with_bar(panel_.y, row[1])
                                                  : with_bar(panel_.x, row[0]));
}

/// A point is a <use> in the group's scale; one on a bar is a group.
void Drawing::mark(const Series& series, std::size_t i) {
  const std::vector<double>& row = series.rows[i];
  const double scale = kMarker * series.size;
  const auto use = [&](const Html::Attributes& more) {
    Html::Attributes attributes = {{"href", fmt::format("#m{}", series.look.type - 1)},
                                   {"x", fmt::format("{:.2f}", left(row[0]) / scale)},
                                   {"y", fmt::format("{:.2f}", top(row[1]) / scale)}};
    attributes.insert(attributes.end(), more.begin(), more.end());
    return html_.scope("use", attributes);
  };
  if (series.kind == Kind::points) {
    const auto point = use({{"class", "v"}});
    html_.element("title", value_of(series, i));
    return;
  }
  const auto whole = html_.scope("g", {{"class", "v"}});
  html_.element("title", value_of(series, i));
  const auto along = [&](double value) { return fmt::format("{:.2f}", left(value) / scale); };
  const auto across = [&](double value) { return fmt::format("{:.2f}", top(value) / scale); };
  if (series.kind == Kind::interval) {
    path(fmt::format("M{} {}H{}", along(row[2]), across(row[1]), along(row[3])), "bar");
  } else {
    path(fmt::format("M{} {}V{}", along(row[0]), across(row[2]), across(row[3])), "bar");
  }
  const auto point = use({});
}

/// The path of a line, of steps, or around a band.
std::string Drawing::outline(const Series& series) const {
  std::string d, back;
  for (const std::vector<double>& row : series.rows) {
    if (!is_drawable(series, row)) continue;
    if (d.empty()) {
      d = "M" + at(row);
    } else if (series.kind == Kind::steps) {
      d += "H" + x(row[0]) + "V" + y(row[1]);
    } else {
      d += "L" + at(row);
    }
    if (series.kind == Kind::band) back = "L" + x(row[0]) + " " + y(row[2]) + back;
  }
  return back.empty() ? d : d + back + "z";
}

void Drawing::series(const Series& series) {
  static constexpr std::string_view kDashes[] = {"", "7 5", "2 4"};
  const Ink& ink = series.look.ink;
  Html::Attributes attributes = {{"class", "c-" + ink}};
  if (!series.of.empty()) attributes.push_back({"data-of", series.of});
  if (series.kind == Kind::line || series.kind == Kind::steps) {
    Html::Attributes more = {{"stroke-width", pixels(series.size)}};
    const auto dashes = static_cast<std::size_t>(std::clamp(series.look.type, 1, 3) - 1);
    if (series.kind == Kind::line && dashes > 0)
      more.push_back({"stroke-dasharray", std::string(kDashes[dashes])});
    if (!series.of.empty()) more.push_back({"data-of", series.of});
    const std::string d = outline(series);
    if (!d.empty()) path(d, "s-" + ink, more);
    return;
  }
  const bool marks = series.kind != Kind::band && series.kind != Kind::box;
  if (marks) {
    const std::string shift = series.shift == 0.0 ? "" : fmt::format("translate({} 0)", pixels(series.shift));
    attributes.push_back({"transform", fmt::format("{}scale({:.3g})", shift, kMarker * series.size)});
  }
  const auto group = html_.scope("g", attributes);
  if (series.kind == Kind::band) {
    const std::string d = outline(series);
    if (!d.empty()) path(d, "shade");
  }
  for (std::size_t i = 0; i < series.rows.size(); ++i) {
    const std::vector<double>& row = series.rows[i];
    if (series.kind == Kind::band || !is_drawable(series, row)) continue;
    if (series.kind == Kind::box) {
      path(fmt::format("M{} {}H{}V{}H{}z", x(row[0]), y(row[1]), x(row[2]), y(row[3]), x(row[0])), "solid");
    } else {
      mark(series, i);
    }
  }
}

void Drawing::labels() {
  for (const Label& label : panel_.labels) {
    text(x(label.x) + " " + y(label.y), label.ends_here ? "end" : "start", label.ink, label.text,
         label.turned);
  }
}

}  // namespace

void write_panel(Html& html, const Panel& panel, const std::string& label) {
  const auto picture = html.scope("svg", {{"class", "plot"},
                                          {"role", "img"},
                                          {"aria-label", label},
                                          {"width", std::to_string(panel.width)},
                                          {"height", std::to_string(panel.height)},
                                          {"viewBox", fmt::format("0 0 {} {}", panel.width, panel.height)}});
  Drawing drawing(html, panel);
  if (panel.map) drawing.map(*panel.map);
  if (panel.map && panel.map->contour) drawing.contour(*panel.map);
  drawing.frame();
  for (const Series& series : panel.series) {
    if (series.kind == Kind::box) drawing.series(series);
  }
  for (const Series& series : panel.series) {
    if (series.kind != Kind::box) drawing.series(series);
  }
  drawing.labels();
}

void write_marker(Html& html, const Look& look) {
  const auto picture = html.scope("svg", {{"class", "mark"},
                                          {"viewBox", "-2 -2 4 4"},
                                          {"width", "14"},
                                          {"height", "14"},
                                          {"aria-hidden", "true"}});
  const auto use =
      html.scope("use", {{"href", fmt::format("#m{}", look.type - 1)}, {"class", "c-" + look.ink}});
}

}  // namespace mlpbench
