#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "bench/report/figures.h"
#include "support/format.h"

namespace mlpbench {
namespace {

using Kind = Series::Kind;

constexpr double kGiga = 1e9;
constexpr double kLetter = 7.0, kLine = 15.0;  ///< of the text in a figure, pixels
constexpr double kBeside = 10.0;               ///< between operations of one intensity, pixels

/// The most of any probe, GB/s.
double rate_of(const BandwidthFact& level) { return std::fmax(level.roof, level.read.highest) / kGiga; }

/// The roofs of one dtype, in GFLOP/s and GB/s; 0 without one.
struct Roofs {
  const RooflineFact& roofline;
  std::string dtype;
  double peak = 0.0, bandwidth = 0.0;

  Roofs(const RooflineFact& all, const std::string& type) : roofline(all), dtype(type) {
    for (const PeakFact& one : all.peaks) {
      if (one.dtype == dtype) peak = std::fmax(peak, one.flops.median / kGiga);
    }
    for (const BandwidthFact& level : all.bandwidths) {
      bandwidth = std::fmax(bandwidth, rate_of(level));
    }
  }

  /// The intensity from which on the fastest level of memory feeds `flops`; 0 without a bandwidth.
  double ridge(double flops) const { return bandwidth > 0.0 ? flops / bandwidth : 0.0; }
};

/// "dense_forward relu 64x64x1024"
std::string name_of(const OperationFact& point) {
  const bool plain = point.function.empty() || point.function == "-";
  return fmt::format("{}{}{} {}", point.operation, plain ? "" : " ", plain ? "" : point.function,
                     point.shape);
}

/// One operation at one shape, of all backends: its points stand above each other, and a number below them.
struct Column {
  std::size_t number;
  double intensity;
  std::vector<const OperationFact*> points;
  double shift = 0.0;    ///< to the right, in pixels: columns of one intensity stand side by side
  std::size_t line = 0;  ///< of the numbers, from below
};

/// Pixels of a panel whose axes are logarithmic, from the lower left corner of its plot.
struct Pixels {
  Panel& panel;

  double per_decade_x() const { return panel.plot_width() / std::log10(panel.x.high / panel.x.low); }
  double per_decade_y() const { return panel.plot_height() / std::log10(panel.y.high / panel.y.low); }
  double right(double x) const { return per_decade_x() * std::log10(x / panel.x.low); }
  double up(double y) const { return per_decade_y() * std::log10(y / panel.y.low); }
  double x(double right) const { return panel.x.low * std::pow(10.0, right / per_decade_x()); }
  double y(double up) const { return panel.y.low * std::pow(10.0, up / per_decade_y()); }
  double right(const Column& column) const { return right(column.intensity) + column.shift; }
};

/// The columns of the points, from the left. `names` has the name of each number, from 1.
std::vector<Column> columns_of(const std::vector<const OperationFact*>& points,
                               const std::vector<std::string>& names) {
  std::vector<Column> columns;
  for (auto& [name, of_it] : by_name(points, [](const OperationFact& point) { return name_of(point); })) {
    const auto place = std::ranges::find(names, name) - names.begin();
    columns.push_back({static_cast<std::size_t>(place) + 1, of_it.front()->intensity, of_it});
  }
  std::ranges::sort(columns, {}, [](const Column& one) { return std::pair(one.intensity, one.number); });
  for (auto first = columns.begin(); first != columns.end();) {
    const auto last = std::find_if(
        first, columns.end(), [&](const Column& one) { return one.intensity > 1.001 * first->intensity; });
    const double middle = 0.5 * static_cast<double>(last - first - 1);
    for (auto one = first; one != last; ++one)
      one->shift = kBeside * (static_cast<double>(one - first) - middle);
    first = last;
  }
  return columns;
}

/// Gives each number a line in which it covers no other, and the plot room for the lines below its points.
void make_room(std::vector<Column>& columns, Panel& panel) {
  const Pixels pixels{panel};
  std::vector<double> ends;  // of each line
  for (Column& column : columns) {
    const double half = 0.5 * kLetter * static_cast<double>(std::to_string(column.number).size()) + 2.0;
    const double at = pixels.right(column);
    const auto free = std::ranges::find_if(ends, [&](double end) { return end <= at - half; });
    column.line = static_cast<std::size_t>(free - ends.begin());
    if (free == ends.end()) ends.push_back(0.0);
    ends[column.line] = at + half;
  }
  const double below = kLine * static_cast<double>(ends.size()) + 8.0;
  const double decades = std::log10(panel.y.high / panel.y.low);
  panel.y.low = panel.y.high / std::pow(10.0, decades * panel.plot_height() / (panel.plot_height() - below));
}

/// The number of each column, and a thin line from it to the column's lowest point.
void add_numbers(const std::vector<Column>& columns, Panel& panel) {
  const Pixels pixels{panel};
  for (const Column& column : columns) {
    const std::string text = std::to_string(column.number);
    const double at = pixels.right(column), up = 4.0 + kLine * static_cast<double>(column.line);
    const OperationFact& lowest = **std::ranges::min_element(column.points, {}, &OperationFact::flops);
    panel.series.push_back(
        {Kind::line,
         {{pixels.x(at), pixels.y(up + kLine - 3.0)}, {pixels.x(at), lowest.flops / kGiga}},
         {"muted", 3},
         0.8});
    panel.labels.push_back(
        {pixels.x(at - 0.5 * kLetter * static_cast<double>(text.size())), pixels.y(up), text});
  }
}

/// The slanted roofs, each up to the highest peak. The name of each stands along it, above it, or below where
/// the roof above is near. It covers no point where the roof is long enough.
void add_bandwidths(const Roofs& roofs, const std::vector<Column>& columns, Panel& panel) {
  const Pixels pixels{panel};
  const double slope = std::atan(pixels.per_decade_y() / pixels.per_decade_x());
  const auto along = [&](double right, double up) { return right * std::cos(slope) + up * std::sin(slope); };
  const auto across = [&](double right, double up) { return up * std::cos(slope) - right * std::sin(slope); };
  double above = INFINITY;  // the last roof's place across the slope
  for (const BandwidthFact& level : roofs.roofline.bandwidths) {
    const double rate = rate_of(level);
    if (!std::isfinite(rate) || rate <= 0.0) continue;
    const double start = std::max(panel.x.low, panel.y.low / rate),
                 end = std::min(panel.x.high, roofs.peak / rate);
    if (start >= end) continue;
    panel.series.push_back({Kind::line, {{start, start * rate}, {end, end * rate}}, {"muted"}, 1.5});
    const std::string name = fmt::format("{} {} GB/s", level.level, number_text(rate));
    const double width = kLetter * static_cast<double>(name.size());
    const double from = along(pixels.right(start), pixels.up(start * rate));
    const double last = along(pixels.right(end), pixels.up(end * rate)) - width;
    const double roof = across(pixels.right(start), pixels.up(start * rate));
    const double base = above - roof < kLine ? roof - kLine : roof + 4.0;
    above = base < roof ? base : roof;
    if (last < from) continue;
    const auto covers = [&](double place) {
      return std::ranges::any_of(columns, [&](const Column& column) {
        return std::ranges::any_of(column.points, [&](const OperationFact* point) {
          const double right = pixels.right(column), up = pixels.up(point->flops / kGiga);
          const double a = along(right, up) - place, b = across(right, up) - base;
          return a > -6.0 && a < width + 6.0 && b > -6.0 && b < kLine;
        });
      });
    };
    double place = from + 8.0;
    while (place + 8.0 <= last && covers(place)) place += 8.0;
    if (covers(place)) place = from + 8.0;
    panel.labels.push_back({pixels.x(place * std::cos(slope) - base * std::sin(slope)),
                            pixels.y(place * std::sin(slope) + base * std::cos(slope)), name, false,
                            slope * 180.0 / std::numbers::pi, "muted"});
  }
}

void add_peaks(const Roofs& roofs, Panel& panel) {
  const Pixels pixels{panel};
  double below = -INFINITY;  // where the last name is, in pixels
  std::vector<const PeakFact*> peaks = entries_where(roofs.roofline.peaks, [&](const PeakFact& peak) {
    return peak.dtype == roofs.dtype && std::isfinite(peak.flops.median) && peak.flops.median > 0.0;
  });
  std::ranges::sort(peaks, {}, [](const PeakFact* peak) { return peak->flops.median; });
  for (const PeakFact* peak : peaks) {
    const double height = peak->flops.median / kGiga;
    panel.series.push_back({Kind::line,
                            {{std::max(panel.x.low, roofs.ridge(height)), height}, {panel.x.high, height}},
                            {"text"},
                            1.5});
    below = std::max(pixels.up(height) - 4.0, below + kLine);
    panel.labels.push_back(
        {panel.x.high, pixels.y(below),
         fmt::format("\u00a0{} {}", peak->isa.substr(0, peak->isa.find(' ')), number_text(height))});
  }
}

/// The points of a backend in columns of one shift, with the interval or else the extremes of their times.
void add_points(const std::vector<const OperationFact*>& points, Look look, double shift, Panel& panel) {
  Series bars{Kind::bars, {}, look, 0.7, points.front()->backend + "|" + points.front()->dtype};
  bars.shift = shift;
  for (const OperationFact* point : points) {
    const auto rate = [&](double seconds) {
      return (std::isfinite(seconds) ? point->flop / seconds : point->flops) / kGiga;
    };
    const RangeWithInterval& seconds = point->seconds;
    const auto [low, high, confidence] = seconds.interval.value_or(Interval{seconds.lowest, seconds.highest});
    bars.rows.push_back({point->intensity, point->flops / kGiga, std::max(rate(high), panel.y.low),
                         std::min(rate(low), panel.y.high)});
    bars.names.push_back(fmt::format("{} {}, {} of its roof", point->backend, name_of(*point),
                                     percent_text(point->share_of_roof, 0)));
  }
  panel.series.push_back(std::move(bars));
}

void add_roofline_panel(const Roofs& roofs, const std::vector<const OperationFact*>& points,
                        const SuiteFacts& suite, Figure& figure) {
  Axis x = Axis::of("flop for each byte that must move", true, number_text);
  Axis y = Axis::of("GFLOP/s", true, number_text);
  for (const OperationFact* point : points) {
    x.include(point->intensity);
    y.include(point->flops / kGiga);
  }
  y.include(roofs.peak);
  // Room on the left for where the fastest level meets the peak.
  x.include(0.4 * roofs.ridge(roofs.peak));
  if (x.empty() || y.empty()) return;
  x.pad(0.12);
  y.pad(0.07);
  Panel panel{roofs.dtype, 528, 400, x, y, {60, 112, 12, 46}};
  panel.of = roofs.dtype;
  std::vector<Column> columns = columns_of(points, figure.numbered);
  make_room(columns, panel);
  add_bandwidths(roofs, columns, panel);
  add_peaks(roofs, panel);
  add_numbers(columns, panel);
  std::map<double, std::vector<const OperationFact*>> by_shift;
  for (const Column& column : columns)
    by_shift[column.shift].insert(by_shift[column.shift].end(), column.points.begin(), column.points.end());
  for (const auto& [shift, beside] : by_shift) {
    for (const auto& [backend, of_it] : by_name(beside, &OperationFact::backend, suite.backend_order()))
      add_points(of_it, look_of_backend(suite, backend), shift, panel);
  }
  figure.panels.push_back(std::move(panel));
}

}  // namespace

Figure roofline_figure(const Document& document) {
  Figure figure;
  if (!document.roofline) return figure;
  const auto drawn = entries_where(document.roofline->points, [](const OperationFact& point) {
    return point.wrong.empty() && std::isfinite(point.flops) && point.flops > 0.0 &&
           std::isfinite(point.intensity) && point.intensity > 0.0;
  });
  auto by_intensity = drawn;
  std::ranges::stable_sort(by_intensity, {}, [](const OperationFact* point) {
    return std::pair(point->dtype == "float64" ? 0 : 1, point->intensity);
  });
  for (const OperationFact* point : by_intensity) {
    const std::string name = name_of(*point);
    if (std::ranges::find(figure.numbered, name) == figure.numbered.end()) figure.numbered.push_back(name);
  }
  for (const auto& [dtype, points] : by_name(drawn, &OperationFact::dtype, place_of_dtype)) {
    if (!figure.full()) add_roofline_panel({*document.roofline, dtype}, points, document.suite, figure);
  }
  figure.legend = backend_legend(drawn, document.suite);
  const std::size_t above = document.roofline->points_above();
  figure.caption =
      (above == 0 ? "Every operation below the roofs of this machine."
                  : fmt::format("The operations and the roofs of this machine; {} above its own, which was "
                                "measured too low.",
                                format_count(above, "operation"))) +
      " Slanted: the highest bandwidth of each level of memory. Level: multiply-adds in registers, of each "
      "instruction set, the median, GFLOP/s. Both on one thread. Point: the median of an operation; bar: the "
      "interval of its median, where it is larger than the point. The number below a column of points says "
      "which operation they are; operations of one intensity stand side by side. The intensity is counted "
      "from the formulas, not by counters: compulsory traffic only.";
  figure.how =
      "A point close to the roof above it does what the machine can. Latency, calls or exponentials hold "
      "back "
      "a point far below it.";
  return figure;
}

}  // namespace mlpbench
