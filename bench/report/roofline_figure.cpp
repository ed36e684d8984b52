#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/report/figures.h"
#include "bench/report/order.h"
#include "bench/report/words.h"

namespace mlpbench {
namespace {

constexpr int kWidth = 460, kHeight = 400;

/// The highest peak of the dtype in GFLOP/s; 0 without one.
double highest_peak(const RooflineFact& roofline, const std::string& dtype) {
  double highest = 0.0;
  for (const PeakFact& peak : roofline.peaks) {
    if (peak.dtype == dtype && peak.flops.known()) highest = std::max(highest, peak.flops.median * 1e-9);
  }
  return highest;
}

/// In GB/s; infinite without one, so that what is divided by it is 0.
double fastest_bandwidth(const RooflineFact& roofline) {
  double fastest = 0.0;
  for (const BandwidthFact& level : roofline.bandwidths) {
    if (level.read.known()) fastest = std::max(fastest, level.read.median * 1e-9);
  }
  return fastest > 0.0 ? fastest : INFINITY;
}

/// The slanted roofs, each up to the highest peak, and its name along it.
void add_bandwidths(const RooflineFact& roofline, double peak, Panel& panel) {
  const Axis &x = panel.x(), &y = panel.y();
  const double slope = std::atan((panel.plot_height() / std::log10(y.high / y.low)) /
                                 (panel.plot_width() / std::log10(x.high / x.low)));
  for (const BandwidthFact& level : roofline.bandwidths) {
    const double rate = level.read.median * 1e-9;
    if (!std::isfinite(rate) || rate <= 0.0) continue;
    const double start = std::max(x.low, y.low / rate), end = std::min(x.high, peak / rate);
    if (start >= end) continue;
    panel.lines({{start, start * rate}, {end, end * rate}}, 1.5, Ink::muted);
    const std::string name = fmt::format("{} {} GB/s", level.level, number_text(rate));
    const double length =
        panel.plot_width() * std::log10(end / start) / std::log10(x.high / x.low) / std::cos(slope);
    if (length < 7.0 * static_cast<double>(name.size())) continue;
    const double at = start * std::pow(x.high / x.low, 0.02);
    panel.label(at, at * rate * std::pow(y.high / y.low, 0.022), name, Ink::muted,
                fmt::format("left rotate by {:.1f} font ',11'", slope * 180.0 / 3.14159265358979).c_str());
  }
}

void add_peaks(const RooflineFact& roofline, const std::string& dtype, Panel& panel) {
  const double fastest = fastest_bandwidth(roofline);
  for (const PeakFact& peak : roofline.peaks) {
    const double height = peak.flops.median * 1e-9;
    if (peak.dtype != dtype || !std::isfinite(height) || height <= 0.0) continue;
    const double start = std::max(panel.x().low, height / fastest);
    panel.lines({{start, height}, {panel.x().high, height}}, 1.5, Ink::text);
    panel.label(panel.x().high, height * std::pow(panel.y().high / panel.y().low, 0.025),
                fmt::format("{} {} GFLOP/s", peak.isa, number_text(height)), Ink::text, "right font ',11'");
  }
}

/// All points of a backend, with the extremes of their times.
void add_points(const std::vector<const OperationFact*>& points, const std::string& backend, Panel& panel) {
  const Look look = look_of_backend(backend);
  std::vector<std::vector<double>> rows;
  for (const OperationFact* point : points) {
    const double flops = point->flops * 1e-9;
    const auto rate = [&](double seconds) {
      return std::isfinite(seconds) ? point->flop / seconds * 1e-9 : flops;
    };
    const double low = point->interval ? rate(point->interval->high) : rate(point->seconds.highest);
    const double high = point->interval ? rate(point->interval->low) : rate(point->seconds.lowest);
    rows.push_back({point->intensity, flops, std::max(low, panel.y().low), std::min(high, panel.y().high)});
  }
  panel.bars(rows, look.type, 0.7, look.ink);
}

std::string drawing(
    const RooflineFact& roofline, const std::string& dtype,
    const std::map<std::pair<std::size_t, std::string>, std::vector<const OperationFact*>>& backends) {
  Axis x = Axis::of("flop for each byte that must move", true, number_text);
  Axis y = Axis::of("GFLOP/s", true, number_text);
  for (const auto& [key, points] : backends) {
    for (const OperationFact* point : points) {
      x.include(point->intensity);
      y.include(point->flops * 1e-9);
    }
  }
  const double peak = highest_peak(roofline, dtype);
  y.include(peak);
  // Room on the left for where the fastest level meets the peak.
  if (peak > 0.0) x.include(0.4 * peak / fastest_bandwidth(roofline));
  if (x.empty() || y.empty()) return "";
  x.pad(0.12);
  y.pad(0.07);
  Panel panel(kWidth, kHeight, x, y);
  if (peak > 0.0) add_bandwidths(roofline, peak, panel);
  add_peaks(roofline, dtype, panel);
  for (const auto& [key, points] : backends) add_points(points, key.second, panel);
  return panel.script();
}

}  // namespace

Figure roofline_figure(const Document& document) {
  Figure figure;
  figure.instead = "The results have no roofline.";
  if (!document.roofline) return figure;
  const RooflineFact& roofline = *document.roofline;
  std::map<std::pair<std::size_t, std::string>,
           std::map<std::pair<std::size_t, std::string>, std::vector<const OperationFact*>>>
      dtypes;
  std::map<std::pair<std::size_t, std::string>, Look> looks;
  for (const OperationFact& point : roofline.points) {
    if (!point.wrong.empty() || !std::isfinite(point.flops) || !std::isfinite(point.intensity)) continue;
    const std::pair backend{place_of_backend(point.backend), point.backend};
    dtypes[{place_of_dtype(point.dtype), point.dtype}][backend].push_back(&point);
    looks[backend] = look_of_backend(point.backend);
  }
  for (const auto& [key, backends] : dtypes) {
    if (figure.drawings.size() == kMaxDrawings) break;
    std::string script = drawing(roofline, key.second, backends);
    if (!script.empty()) figure.drawings.push_back({key.second, std::move(script)});
  }
  for (const auto& [key, look] : looks) figure.legend.push_back({key.second, look.type, look.ink});
  figure.caption =
      "Every operation below the roofs of this machine. Slanted: the reading bandwidth of each level of "
      "memory; level: "
      "multiply-adds in registers, of each instruction set; both measured on one thread, medians. Point: the "
      "median of an "
      "operation; bar: the interval of its median, where it is larger than the point. The intensity is "
      "counted from the "
      "formulas, not by counters: compulsory traffic only.";
  figure.how =
      "A point close to the roof above it does what the machine can; one far below is held back by latency, "
      "calls or exponentials.";
  return figure;
}

}  // namespace mlpbench
