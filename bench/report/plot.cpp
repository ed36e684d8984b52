#include "bench/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/escape.h"
#include "support/gnuplot.h"

namespace mlpbench {
namespace {

/// How gnuplot draws each Series::Kind of the data {0}: {1} the type, {2} the size, {3} the colour.
constexpr const char* kStyles[] = {
    "{0} using 1:2 with lines lw {2} dt {1} lc rgb '{3}'", "{0} using 1:2 with steps lw {2} lc rgb '{3}'",
    "{0} using 1:2 with points pt {1} ps {2} lc rgb '{3}'",
    "{0} using 1:2:3 with filledcurves fs transparent solid 0.22 noborder fc rgb '{3}'",
    "{0} using 1:2:3:4 with xerrorbars pt {1} ps {2} lw 2 lc rgb '{3}'",
    // Not yerrorbars: it puts a larger point of gnuplot's background below each point.
    "{0} using 1:3:(0):($4-$3) with vectors nohead lw 1.6 lc rgb '{3}', \\\n"
    "  {0} using 1:2 with points pt {1} ps {2} lc rgb '{3}'"};

std::string text_string(const std::string& text) { return gnuplot_string(utf8(text)); }

/// The text of a tick, in which gnuplot expands what begins with "%".
std::string tick_string(const std::string& text) {
  std::string doubled;
  for (const char c : gnuplot_string(utf8(text), 48)) doubled += c == '%' ? "%%" : std::string(1, c);
  return doubled;
}

std::string tick_list(const std::vector<Tick>& ticks) {
  std::string text;
  for (const Tick& tick : ticks) {
    text += fmt::format("{}{} {:.8g}", text.empty() ? "" : ", ", tick_string(tick.text), tick.at);
  }
  return "(" + text + ")";
}

/// The rows as the data block `name`.
std::string data_block(const std::string& name, const std::vector<std::vector<double>>& rows) {
  std::string text = name + " << EOD\n";
  for (const std::vector<double>& row : rows) {
    if (!std::all_of(row.begin(), row.end(), [](double value) { return std::isfinite(value); })) continue;
    for (const double value : row) text += fmt::format("{:.6g} ", value);
    text += "\n";
  }
  return text + "EOD\n";
}

std::string frame_commands(const Panel& panel) {
  const bool rows = !panel.rows.empty();
  const auto screen = [](int pixels, int size) { return static_cast<double>(pixels) / size; };
  const std::string text = stand_in(Ink::text), grid = stand_in(Ink::grid);
  return fmt::format(
      "set terminal svg noenhanced size {0},{1} font 'sans-serif,13'\nset encoding utf8\nunset key\n"
      "set errorbars small\nset border {2} lw 1 lc rgb '{3}'\nset tics out nomirror scale 0.4 tc rgb '{4}'\n"
      "set grid {5} lc rgb '{6}' lw 1 dt 1, lc rgb '{6}' lw 1 dt 1\nset lmargin at screen {7:.6f}\n"
      "set rmargin at screen {8:.6f}\nset bmargin at screen {9:.6f}\nset tmargin at screen {10:.6f}\n",
      panel.width, panel.height, rows ? 1 : 3, stand_in(Ink::muted), text, rows ? "x" : "x y", grid,
      screen(panel.margins.left, panel.width), 1.0 - screen(panel.margins.right, panel.width),
      screen(panel.margins.bottom, panel.height), 1.0 - screen(panel.margins.top, panel.height));
}

std::string axis_commands(const Panel& panel) {
  std::string text;
  for (const char name : {'x', 'y'}) {
    const Axis& axis = name == 'x' ? panel.x : panel.y;
    text += fmt::format("set {}range [{:.8g}:{:.8g}]\n", name, axis.low, axis.high);
    if (axis.logarithmic) text += fmt::format("set logscale {}\n", name);
  }
  const std::string color = stand_in(Ink::text);
  if (!panel.x.title.empty()) {
    text += fmt::format("set xlabel {} tc rgb '{}' offset 0,0.9\n", text_string(panel.x.title), color);
  }
  if (!panel.y.title.empty()) {
    // gnuplot would place it by the width that it guesses for the ticks.
    text += fmt::format("set label {} at screen {:.6f}, graph 0.5 center rotate by 90 tc rgb '{}'\n",
                        text_string(panel.y.title), 10.0 / panel.width, color);
  }
  text += fmt::format("set xtics {} offset 0,0.35\n",
                      tick_list(ticks_of(panel.x, panel.plot_width(), Texts::beside)));
  if (panel.rows.empty()) {
    return text +
           fmt::format("set ytics {}\n", tick_list(ticks_of(panel.y, panel.plot_height(), Texts::above)));
  }
  std::vector<Tick> names;
  for (const std::string& row : panel.rows) names.push_back({static_cast<double>(names.size() + 1), row});
  return text + fmt::format("set ytics scale 0 {}\n", tick_list(names));
}

std::string map_commands(const ColorMap& map, std::vector<std::string>& layers) {
  std::string text = data_block("$map", map.rows);
  text += fmt::format("unset grid\nunset colorbox\nset cbrange [{:.4f}:{:.4f}]\nset palette defined ({})\n",
                      map.low, map.high, map.palette);
  layers.emplace_back("$map using 1:2:3 with image");
  if (!map.contour) return text;
  layers.push_back(fmt::format("$contour using 1:2 with lines lw 2.2 lc rgb '{}'", stand_in(Ink::contour)));
  return text + fmt::format(
                    "set contour base\nset cntrparam levels discrete {}\nunset surface\nset table $contour\n"
                    "splot $map using 1:2:3\nunset table\nunset contour\n",
                    *map.contour);
}

std::string box_commands(const Series& series, const Axis& x) {
  std::string text;
  for (const std::vector<double>& row : series.rows) {
    text += fmt::format(
        "set object rect from {:.6g},{:.6g} to {:.6g},{:.6g} fs solid 1 noborder fc rgb '{}' behind\n",
        std::clamp(row[0], x.low, x.high), row[1], std::clamp(row[2], x.low, x.high), row[3],
        stand_in(series.look.ink));
  }
  return text;
}

}  // namespace

std::string gnuplot_script(const Panel& panel) {
  std::string text = frame_commands(panel) + axis_commands(panel), plot;
  std::vector<std::string> layers;
  if (panel.map) text += map_commands(*panel.map, layers);
  for (const Label& label : panel.labels) {
    text += fmt::format("set label {} at {:.6g},{:.6g} {} tc rgb '{}' front\n", text_string(label.text),
                        label.x, label.y, label.how, stand_in(label.ink));
  }
  for (const Series& series : panel.series) {
    if (series.kind == Series::Kind::box) {
      text += box_commands(series, panel.x);
      continue;
    }
    const std::string name = fmt::format("$b{}", layers.size());
    text += data_block(name, series.rows);
    layers.push_back(fmt::format(fmt::runtime(kStyles[static_cast<std::size_t>(series.kind)]), name,
                                 series.look.type, series.size, stand_in(series.look.ink)));
  }
  for (const std::string& layer : layers) plot += (plot.empty() ? "plot " : ", \\\n  ") + layer;
  return text + plot + "\n";
}

}  // namespace mlpbench
