#include "bench/report/panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/report/words.h"
#include "support/escape.h"
#include "support/gnuplot.h"
#include "support/table.h"

namespace mlpbench {
namespace {

constexpr int kRowHeight = 24, kLongestRow = 30;

/// The text of a tick, in which gnuplot expands what begins with "%".
std::string tick_string(const std::string& text) {
  std::string doubled;
  for (const char c : gnuplot_string(utf8(text), 48)) doubled += c == '%' ? "%%" : std::string(1, c);
  return doubled;
}

/// The multiples of the powers of ten that lie in the range.
std::vector<double> multiples(const Axis& axis, std::initializer_list<double> digits) {
  std::vector<double> all;
  for (double power = std::pow(10.0, std::floor(std::log10(axis.low))); power <= axis.high; power *= 10.0) {
    for (const double digit : digits) {
      const double value = digit * power;
      if (value >= axis.low && value <= axis.high) all.push_back(value);
    }
  }
  return all;
}

/// Every `step`-th power of ten.
std::vector<double> powers(const Axis& axis, std::size_t step) {
  const std::vector<double> all = multiples(axis, {1});
  std::vector<double> some;
  for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
  return some;
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
    for (std::size_t step = 1; step <= 8; ++step) sets.push_back(powers(axis, step));
    // A short range has too few of these.
    std::erase_if(sets, [](const auto& set) { return set.size() < 2; });
    if (!sets.empty()) return sets;
  }
  for (const double factor : {1.0, 1.5, 2.0, 3.0, 4.0, 6.0})
    sets.push_back(multiples_of_step(axis, factor * least));
  return sets;
}

std::string row_text(const std::vector<double>& row) {
  std::string text;
  for (const double value : row) {
    if (!std::isfinite(value)) return "";
    text += fmt::format("{:.6g} ", value);
  }
  return text + "\n";
}

}  // namespace

Axis Axis::of(std::string title, bool logarithmic, std::string (*number)(double)) {
  return {std::move(title),
          std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity(),
          logarithmic,
          number,
          0.0};
}

void Axis::include(double value) {
  if (!std::isfinite(value) || (logarithmic && value <= 0.0)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

void Axis::pad(double part) {
  if (logarithmic) {
    const double room = std::max(std::pow(high / low, part), 1.02);
    low /= room;
    high *= room;
  } else {
    const double room = high > low ? part * (high - low) : std::max(std::abs(high) * 0.05, 1e-9);
    low -= room;
    high += room;
  }
}

std::vector<Tick> ticks_of(const Axis& axis, double pixels, Texts texts) {
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
      if (texts == Texts::beside) room = std::max(room, width);
    }
    bool clear = true;
    for (std::size_t i = 1; i < numbers.size(); ++i)
      clear = clear && place(numbers[i]) - place(numbers[i - 1]) >= room;
    if (clear) break;
  }
  return ticks;
}

std::string colored(Ink ink) { return "lc rgb '" + stand_in(ink) + "'"; }

Panel::Panel(int width, int height, Axis x, Axis y, Margins margins)
    : width_(width), height_(height), x_(std::move(x)), y_(std::move(y)), margins_(margins) {}

Panel Panel::with_rows(int width, const std::vector<std::string>& rows, Axis x) {
  std::size_t longest = 0;
  for (const std::string& row : rows)
    longest = std::max(longest, std::min<std::size_t>(display_width(row), kLongestRow));
  Margins margins;
  margins.left = 20 + static_cast<int>(7.0 * static_cast<double>(longest));
  margins.right = 18;
  const int count = static_cast<int>(rows.size());
  Panel panel(width, margins.top + margins.bottom + kRowHeight * count, std::move(x),
              {"", static_cast<double>(count) + 0.6, 0.4, false, nullptr, 0.0}, margins);
  panel.rows_ = rows;
  return panel;
}

void Panel::data(const std::string& name, const std::vector<std::vector<double>>& rows) {
  commands_ += "$" + name + " << EOD\n";
  for (const std::vector<double>& row : rows) commands_ += row.empty() ? "\n" : row_text(row);
  commands_ += "EOD\n";
}

void Panel::points(const std::vector<std::vector<double>>& rows, int type, double size, Ink ink) {
  const std::string name = next_block();
  data(name, rows);
  layer(fmt::format("${} using 1:2 with points pt {} ps {} {}", name, type, size, colored(ink)));
}

void Panel::lines(const std::vector<std::vector<double>>& rows, double width, Ink ink, int dash) {
  const std::string name = next_block();
  data(name, rows);
  layer(fmt::format("${} using 1:2 with lines lw {} dt {} {}", name, width, dash, colored(ink)));
}

void Panel::interval(double low, double middle, double high, double y, int type, Ink ink) {
  const std::string name = next_block();
  const auto inside = [&](double value) { return std::clamp(value, x_.low, x_.high); };
  data(name, {{middle, y, inside(low), inside(high)}});
  layer(fmt::format("${} using 1:2:3:4 with xerrorbars pt {} ps 0.75 lw 2 {}", name, type, colored(ink)));
}

void Panel::bars(const std::vector<std::vector<double>>& rows, int type, double size, Ink ink) {
  // Not yerrorbars: it puts a larger point of gnuplot's background below each point.
  const std::string name = next_block();
  data(name, rows);
  layer(fmt::format("${} using 1:3:(0):($4-$3) with vectors nohead lw 1.6 {}", name, colored(ink)));
  layer(fmt::format("${} using 1:2 with points pt {} ps {} {}", name, type, size, colored(ink)));
}

void Panel::label(double x, double y, const std::string& text, Ink ink, const char* how) {
  command(fmt::format("set label {} at {:.6g},{:.6g} {} tc rgb '{}' front", gnuplot_string(utf8(text)), x, y,
                      how, stand_in(ink)));
}

std::string Panel::axis_commands(const char* name, const Axis& axis, double pixels, Texts texts) const {
  std::string text = fmt::format("set {}range [{:.8g}:{:.8g}]\n", name, axis.low, axis.high);
  if (axis.logarithmic) text += fmt::format("set logscale {}\n", name);
  if (!axis.title.empty() && name[0] == 'x') {
    text += fmt::format("set xlabel {} tc rgb '{}' offset 0,0.9\n", gnuplot_string(axis.title),
                        stand_in(Ink::text));
  } else if (!axis.title.empty()) {
    // gnuplot would place it by the width that it guesses for the ticks.
    text += fmt::format("set label {} at screen {:.6f}, graph 0.5 center rotate by 90 tc rgb '{}'\n",
                        gnuplot_string(axis.title), 10.0 / width_, stand_in(Ink::text));
  }
  text += fmt::format("set {}tics (", name);
  bool first = true;
  for (const Tick& tick : ticks_of(axis, pixels, texts)) {
    text += fmt::format("{}{} {:.8g}", first ? "" : ", ", tick_string(tick.text), tick.at);
    first = false;
  }
  return text + (name[0] == 'x' ? ") offset 0,0.35\n" : ")\n");
}

std::string Panel::script() const {
  const auto screen = [](int pixels, int size) { return static_cast<double>(pixels) / size; };
  std::string text = fmt::format(
      "set terminal svg noenhanced size {},{} font 'sans-serif,13'\nset encoding utf8\nunset key\n"
      "set errorbars small\nset border {} lw 1 {}\nset tics out nomirror scale 0.4 tc rgb '{}'\n"
      "set grid {} {} lw 1 dt 1, {} lw 1 dt 1\n",
      width_, height_, rows_.empty() ? 3 : 1, colored(Ink::muted), stand_in(Ink::text),
      rows_.empty() ? "x y" : "x", colored(Ink::grid), colored(Ink::grid));
  text += fmt::format("set lmargin at screen {:.6f}\nset rmargin at screen {:.6f}\n",
                      screen(margins_.left, width_), 1.0 - screen(margins_.right, width_));
  text += fmt::format("set bmargin at screen {:.6f}\nset tmargin at screen {:.6f}\n",
                      screen(margins_.bottom, height_), 1.0 - screen(margins_.top, height_));
  text += axis_commands("x", x_, plot_width(), Texts::beside);
  if (rows_.empty()) {
    text += axis_commands("y", y_, plot_height(), Texts::above);
  } else {
    text += fmt::format("set yrange [{}:{}]\nset ytics scale 0 (", y_.low, y_.high);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      text += fmt::format("{}{} {}", i == 0 ? "" : ", ", tick_string(rows_[i]), i + 1);
    }
    text += ")\n";
  }
  return text + commands_ + "plot " + layers_ + "\n";
}

}  // namespace mlpbench
