#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "bench/report/figures.h"

// What the machine allows: roofs, threads.

namespace mlpbench {
namespace {

using Kind = Series::Kind;

constexpr double kGiga = 1e9;
constexpr double kLetter = 7.0, kLine = 15.0;  ///< of the text in a figure, pixels

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

/// The slanted roofs, each up to the highest peak. The name of each stands along it where it has room there.
void add_bandwidths(const Roofs& roofs, Panel& panel) {
  const double x_pixels = panel.plot_width() / std::log10(panel.x.high / panel.x.low);
  const double y_pixels = panel.plot_height() / std::log10(panel.y.high / panel.y.low);
  const double slope = std::atan(y_pixels / x_pixels);
  double above = INFINITY;  // the last name's distance from the origin, across the slope, in pixels
  for (const BandwidthFact& level : roofs.roofline.bandwidths) {
    const double rate = rate_of(level);
    if (!std::isfinite(rate) || rate <= 0.0) continue;
    const double start = std::max(panel.x.low, panel.y.low / rate),
                 end = std::min(panel.x.high, roofs.peak / rate);
    if (start >= end) continue;
    panel.series.push_back({Kind::line, {{start, start * rate}, {end, end * rate}}, {"muted"}, 1.5});
    const std::string name = fmt::format("{} {} GB/s", level.level, number_text(rate));
    const double length = x_pixels * std::log10(end / start) / std::cos(slope);
    const double across = y_pixels * std::log10(rate) * std::cos(slope);
    if (length < kLetter * static_cast<double>(name.size()) || above - across < kLine) continue;
    above = across;
    const double at = start * std::pow(10.0, 8.0 / x_pixels);
    panel.labels.push_back({at, at * rate * std::pow(10.0, 6.0 / y_pixels), name, false,
                            slope * 180.0 / std::numbers::pi, "muted"});
  }
}

void add_peaks(const Roofs& roofs, Panel& panel) {
  const double y_pixels = panel.plot_height() / std::log10(panel.y.high / panel.y.low);
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
    const double place = std::max(y_pixels * std::log10(height) - 3.0, below + kLine);
    panel.labels.push_back(
        {panel.x.high, std::pow(10.0, (place - 1.0) / y_pixels),
         fmt::format(" {} {}", peak->isa.substr(0, peak->isa.find(' ')), number_text(height))});
    below = place;
  }
}

std::string name_of(const OperationFact& point) {
  const bool plain = point.function.empty() || point.function == "-";
  return fmt::format("{}{}{} {}", point.operation, plain ? "" : " ", plain ? "" : point.function,
                     point.shape);
}

/// The name of each operation beside the slowest point of its largest intensity, where it covers neither a
/// point nor another name.
void add_names(const std::vector<const OperationFact*>& points, Panel& panel) {
  struct Box {
    double x, y, width, height;
  };
  std::vector<Box> taken;
  const auto place = [&](const OperationFact& point) {
    return std::pair(panel.plot_width() * panel.x.place(point.intensity),
                     panel.plot_height() * panel.y.place(point.flops / kGiga));
  };
  for (const OperationFact* point : points) {
    const auto [x, y] = place(*point);
    taken.push_back({x - 4.0, y - 4.0, 8.0, 8.0});
  }
  for (const auto& [name, of_it] :
       by_name(points, [](const OperationFact& point) { return point.operation; })) {
    const OperationFact& point = **std::ranges::min_element(
        of_it, {}, [](const OperationFact* one) { return std::pair(-one->intensity, one->flops); });
    const auto [x, y] = place(point);
    const double width = kLetter * static_cast<double>(name.size());
    for (const auto& [right, up] : {std::pair{8.0, -5.0},
                                    {-8.0 - width, -5.0},
                                    {-width / 2.0, -22.0},
                                    {8.0, -20.0},
                                    {-8.0 - width, -20.0},
                                    {8.0, 10.0}}) {
      const Box box{x + right, y + up, width, kLine - 3.0};
      const auto covers = [&](const Box& other) {
        return box.y < other.y + other.height && other.y < box.y + box.height &&
               box.x < other.x + other.width && other.x < box.x + box.width;
      };
      const bool inside = box.x >= 0.0 && box.y >= 0.0 && box.x + width <= panel.plot_width();
      if (!inside || std::ranges::any_of(taken, covers)) continue;
      taken.push_back(box);
      const auto value = [](const Axis& axis, double part) {
        return axis.low * std::pow(axis.high / axis.low, part);
      };
      panel.labels.push_back({value(panel.x, box.x / panel.plot_width()),
                              value(panel.y, (box.y + 2.0) / panel.plot_height()), name, false, 0.0,
                              "muted"});
      break;
    }
  }
}

/// All points of a backend, with the interval or else the extremes of their times.
void add_points(const std::vector<const OperationFact*>& points, Look look, Panel& panel) {
  Series bars{Kind::bars, {}, look, 0.7, points.front()->backend + "|" + points.front()->dtype};
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
  add_bandwidths(roofs, panel);
  add_peaks(roofs, panel);
  for (const auto& [backend, of_it] : by_name(points, &OperationFact::backend, suite.backend_order())) {
    add_points(of_it, look_of_backend(suite, backend), panel);
  }
  add_names(points, panel);
  figure.panels.push_back(std::move(panel));
}

/// A panel of a case: the ideal, what the probes gain, each backend. Whether there was more than one thread.
bool add_scaling_panel(const std::string& name, const std::vector<const ScalingFact*>& rows,
                       const SuiteFacts& suite, Figure& figure) {
  double most = 1.0, highest = 1.0;
  for (const ScalingFact* row : rows) {
    most = std::max(most, static_cast<double>(row->threads));
    highest = std::fmax(std::fmax(highest, row->speedup.highest), row->fma_ceiling.median);
  }
  if (most < 2.0 || figure.full()) return false;
  Panel panel{name,
              270,
              220,
              {"threads", 0.8, most + 0.2, false, nullptr, 1.0},
              {"speed-up", 0.0, std::max(most, highest) * 1.06}};
  panel.series.push_back({Kind::line, {{1.0, 1.0}, {most, most}}, {"muted", 2}, 1.5});
  const auto add = [&](const std::vector<const ScalingFact*>& points, RangeOfRounds ScalingFact::*gain,
                       Series marks, double width, int dashes) {
    for (const ScalingFact* point : points) {
      const Range& range = point->*gain;
      marks.rows.push_back({static_cast<double>(point->threads), range.median, range.lowest, range.highest});
    }
    panel.series.push_back({Kind::line, marks.rows, {marks.look.ink, dashes}, width, marks.of});
    panel.series.push_back(std::move(marks));
  };
  const auto backends = by_name(rows, &ScalingFact::backend, suite.backend_order());
  add(backends.front().second, &ScalingFact::fma_ceiling,
      {Kind::points, {}, {"text", 1}, 0.6, "", "multiply-adds"}, 1.5, 1);
  add(backends.front().second, &ScalingFact::memory_ceiling,
      {Kind::points, {}, {"text", 2}, 0.6, "", "reading memory"}, 1.5, 3);
  for (const auto& [backend, points] : backends) {
    add(points, &ScalingFact::speedup,
        {Kind::bars, {}, look_of_backend(suite, backend), 0.8, backend, backend}, 1.8, 1);
  }
  figure.panels.push_back(std::move(panel));
  return true;
}

}  // namespace

Figure roofline_figure(const Document& document) {
  Figure figure;
  if (!document.roofline) return figure;
  const auto drawn = entries_where(document.roofline->points, [](const OperationFact& point) {
    return point.wrong.empty() && std::isfinite(point.flops) && std::isfinite(point.intensity);
  });
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
      " Slanted: the highest bandwidth of each level of "
      "memory; level: multiply-adds in registers, of each instruction set, the median, GFLOP/s; both on one "
      "thread. "
      "Point: the median of an operation; bar: the interval of its median, where it is larger than "
      "the point. The intensity is counted from the formulas, not by counters: compulsory traffic only.";
  figure.how =
      "A point close to the roof above it does what the machine can; one far below is held back by latency, "
      "calls or exponentials.";
  return figure;
}

Figure scaling_figure(const Document& document) {
  Figure figure;
  std::vector<const ScalingFact*> drawn;
  std::size_t rounds = 0;
  for (const ScalingFact& row : document.scaling) {
    if (!row.wrong.empty() || !row.obeys_threshold || !row.speedup.known()) continue;
    drawn.push_back(&row);
    rounds = std::max(rounds, row.speedup.values.size());
  }
  std::vector<const ScalingFact*> in_panels;
  for (const auto& [name, rows] : by_name(drawn, &ScalingFact::name)) {
    if (add_scaling_panel(name, rows, document.suite, figure))
      in_panels.insert(in_panels.end(), rows.begin(), rows.end());
  }
  if (figure.empty()) return figure;
  figure.legend = backend_legend(in_panels, document.suite);
  figure.legend.push_back({"ideal", {"muted", Figure::kDashes}, false});
  figure.legend.push_back({"what multiply-adds gain", {"text", 1}, false});
  figure.legend.push_back({"what reading memory gains", {"text", 2}, false});
  figure.caption = fmt::format(
      "Speed-up over one thread of the same round, in {}: median over up to {} rounds, bars from the lowest "
      "to the highest. The ceilings are what the probes of this machine gain on as many threads, beside each "
      "visit.",
      dtypes_text(document.scaling), rounds);
  figure.how =
      "A line below the ceilings loses to forks, waiting or uneven work; the ceilings themselves are what "
      "the machine has.";
  return figure;
}

}  // namespace mlpbench
