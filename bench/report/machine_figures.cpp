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
      bandwidth = std::fmax(bandwidth, level.read.median / kGiga);
    }
  }

  /// The intensity from which on the fastest level of memory feeds `flops`; 0 without a bandwidth.
  double ridge(double flops) const { return bandwidth > 0.0 ? flops / bandwidth : 0.0; }
};

/// The slanted roofs, each up to the highest peak, and its name along it.
void add_bandwidths(const Roofs& roofs, Panel& panel) {
  const double x_pixels = panel.plot_width() / std::log10(panel.x.high / panel.x.low);
  const double y_pixels = panel.plot_height() / std::log10(panel.y.high / panel.y.low);
  const double slope = std::atan(y_pixels / x_pixels);
  for (const BandwidthFact& level : roofs.roofline.bandwidths) {
    const double rate = level.read.median / kGiga;
    if (!std::isfinite(rate) || rate <= 0.0) continue;
    const double start = std::max(panel.x.low, panel.y.low / rate),
                 end = std::min(panel.x.high, roofs.peak / rate);
    if (start >= end) continue;
    panel.series.push_back({Kind::line, {{start, start * rate}, {end, end * rate}}, {Ink::muted}, 1.5});
    const std::string name = fmt::format("{} {} GB/s", level.level, number_text(rate));
    const double length = x_pixels * std::log10(end / start) / std::cos(slope);
    if (length < 7.0 * static_cast<double>(name.size())) continue;
    const double at = start * std::pow(panel.x.high / panel.x.low, 0.02);
    panel.labels.push_back({at, at * rate * std::pow(panel.y.high / panel.y.low, 0.022), name,
                            fmt::format("left rotate by {:.1f} font ',11'", slope * 180.0 / std::numbers::pi),
                            Ink::muted});
  }
}

void add_peaks(const Roofs& roofs, Panel& panel) {
  for (const PeakFact& peak : roofs.roofline.peaks) {
    const double height = peak.flops.median / kGiga;
    if (peak.dtype != roofs.dtype || !std::isfinite(height) || height <= 0.0) continue;
    const double start = std::max(panel.x.low, roofs.ridge(height));
    panel.series.push_back({Kind::line, {{start, height}, {panel.x.high, height}}, {Ink::text}, 1.5});
    panel.labels.push_back({panel.x.high, height * std::pow(panel.y.high / panel.y.low, 0.025),
                            fmt::format("{} {} GFLOP/s", peak.isa, number_text(height)), "right font ',11'",
                            Ink::text});
  }
}

/// All points of a backend, with the interval or else the extremes of their times.
void add_points(const std::vector<const OperationFact*>& points, Look look, Panel& panel) {
  Series bars{Kind::bars, {}, look, 0.7};
  for (const OperationFact* point : points) {
    const auto rate = [&](double seconds) {
      return (std::isfinite(seconds) ? point->flop / seconds : point->flops) / kGiga;
    };
    const RangeWithInterval& seconds = point->seconds;
    const auto [low, high, confidence] = seconds.interval.value_or(Interval{seconds.lowest, seconds.highest});
    bars.rows.push_back({point->intensity, point->flops / kGiga, std::max(rate(high), panel.y.low),
                         std::min(rate(low), panel.y.high)});
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
  Panel panel{roofs.dtype, 460, 400, x, y};
  add_bandwidths(roofs, panel);
  add_peaks(roofs, panel);
  for (const auto& [backend, of_it] : by_name(points, &OperationFact::backend, suite.backend_order())) {
    add_points(of_it, look_of_backend(suite, backend), panel);
  }
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
              320,
              250,
              {"threads", 0.8, most + 0.2, false, nullptr, 1.0},
              {"speed-up", 0.0, std::max(most, highest) * 1.06}};
  panel.series.push_back({Kind::line, {{1.0, 1.0}, {most, most}}, {Ink::muted, 2}, 1.5});
  const auto add = [&](const std::vector<const ScalingFact*>& points, RangeOfRounds ScalingFact::*gain,
                       Series marks, double width, int dashes) {
    for (const ScalingFact* point : points) {
      const Range& range = point->*gain;
      marks.rows.push_back({static_cast<double>(point->threads), range.median, range.lowest, range.highest});
    }
    panel.series.push_back({Kind::line, marks.rows, {marks.look.ink, dashes}, width});
    panel.series.push_back(std::move(marks));
  };
  const auto backends = by_name(rows, &ScalingFact::backend, suite.backend_order());
  add(backends.front().second, &ScalingFact::fma_ceiling, {Kind::points, {}, {Ink::text, 1}, 0.6}, 1.5, 1);
  add(backends.front().second, &ScalingFact::memory_ceiling, {Kind::points, {}, {Ink::text, 2}, 0.6}, 1.5, 3);
  for (const auto& [backend, points] : backends) {
    add(points, &ScalingFact::speedup, {Kind::bars, {}, look_of_backend(suite, backend), 0.8}, 1.8, 1);
  }
  figure.panels.push_back(std::move(panel));
  return true;
}

}  // namespace

Figure roofline_figure(const Document& document) {
  Figure figure;
  figure.instead = "The results have no roofline.";
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
      " Slanted: the reading bandwidth of each level of "
      "memory; level: multiply-adds in registers, of each instruction set; both measured on one thread, "
      "medians. Point: the median of an operation; bar: the interval of its median, where it is larger than "
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
  figure.legend = backend_legend(in_panels, document.suite);
  figure.legend.push_back({"ideal", {Ink::muted, Figure::kDashes}});
  figure.legend.push_back({"what multiply-adds gain", {Ink::text, 1}});
  figure.legend.push_back({"what reading memory gains", {Ink::text, 2}});
  figure.caption = fmt::format(
      "Speed-up over one thread of the same round, in {}: median over up to {} rounds, bars from the lowest "
      "to the highest. The ceilings are what the probes of this machine gain on as many threads, beside each "
      "visit.",
      dtypes_text(document.scaling), rounds);
  figure.how =
      "A line below the ceilings loses to forks, waiting or uneven work; the ceilings themselves are what "
      "the machine has.";
  figure.instead = "Nothing was measured on several threads.";
  return figure;
}

}  // namespace mlpbench
