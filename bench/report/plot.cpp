#include "bench/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/report/words.h"
#include "support/escape.h"
#include "support/gnuplot.h"
#include "support/table.h"
#include "support/unicode.h"

namespace mlpbench {
namespace {

/// How gnuplot draws each Series::Kind of the data {0}: {1} the type, {2} the size, {3} the colour.
constexpr const char* kStyles[] = {
    "{0} using 1:2 with lines lw {2} dt {1} lc rgb '{3}'", "{0} using 1:2 with steps lw {2} lc rgb '{3}'",
    "{0} using 1:2 with points pt {1} ps {2} lc rgb '{3}'",
    "{0} using 1:2:3 with filledcurves fs transparent solid 0.22 noborder fc rgb '{3}'",
    "{0} using 1:2:3:4 with xerrorbars pt {1} ps {2} lw 2 lc rgb '{3}'",
    // Not yerrorbars: it puts a larger point of gnuplot's background below each point.
    ("{0} using 1:3:(0):($4-$3) with vectors nohead lw 1.6 lc rgb '{3}', \\\n"
     "  {0} using 1:2 with points pt {1} ps {2} lc rgb '{3}'")};

/// What gnuplot and the places of ticks can be computed of.
constexpr double kLargest = 1e150;

bool is_drawable(double value) { return std::abs(value) <= kLargest; }

struct Tick {
  double at;
  std::string text;
};

std::string text_string(const std::string& text) { return gnuplot_string(text); }

/// The text of a tick, in which gnuplot expands what begins with "%".
std::string tick_string(const std::string& text) {
  std::string doubled;
  for (const char c : gnuplot_string(text, 48)) doubled += c == '%' ? "%%" : std::string(1, c);
  return doubled;
}

/// Every `step`-th of the multiples of the powers of ten that lie in the range.
std::vector<double> multiples(const Axis& axis, std::initializer_list<double> digits, int step = 1) {
  std::vector<double> all;
  int found = 0;
  for (double power = std::pow(10.0, std::floor(std::log10(axis.low))); power <= axis.high; power *= 10.0) {
    for (const double digit : digits) {
      const double value = digit * power;
      if (value >= axis.low && value <= axis.high && found++ % step == 0) all.push_back(value);
    }
  }
  return all;
}

/// The multiples of a step of 1, 2 or 5 times a power of ten, the smallest that is at least `least`.
std::vector<double> multiples_of_step(const Axis& axis, double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  double step = 10.0 * power;
  for (const double digit : {5.0, 2.0, 1.0}) {
    if (digit * power >= least * (1.0 - 1e-9)) step = digit * power;
  }
  std::vector<double> all;
  for (double i = std::ceil(axis.low / step); i * step <= axis.high * (1.0 + 1e-12); i += 1.0) {
    all.push_back(i * step);
  }
  return all;
}

/// All sets of round numbers to choose from, the most numbers first.
std::vector<std::vector<double>> round_numbers(const Axis& axis) {
  std::vector<std::vector<double>> sets;
  const double least = std::max((axis.high - axis.low) / 12.0, axis.finest);
  if (axis.logarithmic) {
    sets = {multiples(axis, {1, 1.5, 2, 3, 4, 5, 6, 7, 8}), multiples(axis, {1, 2, 3, 5}),
            multiples(axis, {1, 2, 5})};
    for (int step = 1; step <= 8; ++step) sets.push_back(multiples(axis, {1}, step));
    // A short range has too few of these.
    std::erase_if(sets, [](const auto& set) { return set.size() < 2; });
    if (!sets.empty()) return sets;
  }
  for (const double factor : {1.0, 1.5, 2.0, 3.0, 4.0, 6.0})
    sets.push_back(multiples_of_step(axis, factor * least));
  return sets;
}

std::string tick_list(const std::vector<Tick>& ticks) {
  const auto text = [](const Tick& tick) {
    return fmt::format("{} {:.8g}", tick_string(tick.text), tick.at);
  };
  return "(" + listed(ticks, text) + ")";
}

/// Round numbers of an axis that is `pixels` long, so many that their texts stand clear of each other: side
/// by side, or one above the other.
std::vector<Tick> ticks_of(const Axis& axis, double pixels, bool beside) {
  const auto place = [&](double value) {
    return axis.logarithmic ? pixels * std::log10(value / axis.low) / std::log10(axis.high / axis.low)
                            : pixels * (value - axis.low) / (axis.high - axis.low);
  };
  std::vector<Tick> ticks;
  for (const std::vector<double>& numbers : round_numbers(axis)) {
    ticks.clear();
    double room = 26.0;
    for (const double at : numbers) {
      const double value = std::abs(at) < 1e-12 ? 0.0 : at;
      ticks.push_back({at, axis.number != nullptr ? axis.number(value) : number_text(value)});
      const auto width = 7.0 * static_cast<double>(display_width(ticks.back().text)) + 10.0;
      if (beside) room = std::max(room, width);
    }
    const auto crowded = [&](double low, double high) { return !(place(high) - place(low) >= room); };
    if (std::ranges::adjacent_find(numbers, crowded) == numbers.end()) break;
  }
  return ticks;
}

/// The rows as the data block `name`.
std::string data_block(const std::string& name, const std::vector<std::vector<double>>& rows) {
  std::string text = name + " << EOD\n";
  for (const std::vector<double>& row : rows) {
    if (!std::ranges::all_of(row, is_drawable)) continue;
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
  text += fmt::format("set xtics {} offset 0,0.35\n", tick_list(ticks_of(panel.x, panel.plot_width(), true)));
  if (panel.rows.empty()) {
    return text + fmt::format("set ytics {}\n", tick_list(ticks_of(panel.y, panel.plot_height(), false)));
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

Axis Axis::of(std::string title, bool logarithmic, std::string (*number)(double), double most) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {std::move(title), kInfinity, -kInfinity, logarithmic, number, 0.0, most};
}

void Axis::include(double value) {
  if (!is_drawable(value) || (logarithmic && value < 1.0 / kLargest)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

void Axis::pad(double part) {
  if (logarithmic) {
    const double room = std::max(std::pow(high / low, part), 1.02);
    low /= room;
    high *= room;
  } else {
    const double largest = std::max(std::abs(low), std::abs(high));
    const double room = high - low > 1e-9 * largest ? part * (high - low) : std::max(0.05 * largest, 1e-9);
    low -= room;
    high += room;
    if (high > most) high = std::max(most + 0.02 * (most - low), most * 1.0001);
  }
}

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
