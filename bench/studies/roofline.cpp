#include "bench/studies/roofline.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "bench/stats/order.h"
#include "core/data/random_state.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kRounds = 9, kRoundsQuick = 6;  ///< 6: the least that has a 95 % interval
constexpr double kVisitSeconds = 1e-3, kVisitSecondsQuick = 3e-4;
constexpr double kProbesOfVisit = 3e-3;  ///< seconds of the FMA probes before and after a visit, about
constexpr double kCallsOfCheck = 3.0;    ///< as long as the check of a point, about

double seconds_of(const RooflinePoint& point, std::size_t calls) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < calls; ++i) point.call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// So many calls as take about `seconds`.
std::size_t calls_for(const RooflinePoint& point, double seconds) {
  std::size_t calls = 1;
  double taken = seconds_of(point, calls);
  while (taken < seconds / 4) taken = seconds_of(point, calls *= 2);
  return static_cast<std::size_t>(std::max(1.0, static_cast<double>(calls) * seconds / taken));
}

/// The instruction set whose peak bounds the backend; a lower one where the compiler lacks its probe.
Isa roof_isa(const BackendEntry& backend, const Ceilings& ceilings) {
  const Isa executed = backend.executes();
  return unusable_probe(executed).empty() ? executed : ceilings.best();
}

/// Measures and keeps every reading.
class PeakProbe {
 public:
  explicit PeakProbe(Roofline& roofline) : roofline_(roofline) {}

  double now(Isa isa, DType dtype) {
    const double peak = ceilings_.fma_now(isa, dtype);
    roofline_.peaks[{isa, dtype}].push_back(peak);
    return peak;
  }
  const Ceilings& ceilings() const { return ceilings_; }

 private:
  Roofline& roofline_;
  Ceilings ceilings_;
};

void visit(RooflinePoint& point, std::size_t calls, PeakProbe& peaks) {
  const Isa isa = roof_isa(*point.backend, peaks.ceilings());
  const double before = peaks.now(isa, point.dtype);
  if (calls > 1) point.call();
  point.seconds.push_back(seconds_of(point, calls) / static_cast<double>(calls));
  point.peak.push_back((before + peaks.now(isa, point.dtype)) / 2.0);
}

/// Every instruction set of this machine in the precisions of the points, also those that no backend
/// executes.
void probe_all(const std::vector<RooflinePoint>& points, PeakProbe& peaks) {
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (!unusable_probe(isa).empty()) continue;
    for (const DType dtype : {DType::float32, DType::float64}) {
      const auto has = [dtype](const RooflinePoint& point) { return point.dtype == dtype; };
      if (std::any_of(points.begin(), points.end(), has)) peaks.now(isa, dtype);
    }
  }
}

ordered_json json_of(const Spread& spread) {
  return {{"lowest", spread.lowest}, {"median", spread.median}, {"highest", spread.highest}};
}

ordered_json seconds_json(const std::vector<double>& seconds) {
  ordered_json json = json_of(spread_of(seconds));
  json["interval"] = nullptr;
  if (const auto interval = median_interval(seconds, 0.95)) {
    json["interval"] = {
        {"low", interval->low}, {"high", interval->high}, {"confidence", interval->confidence}};
  }
  return json;
}

/// What a right point's times say: "seconds" to "share_of_roof".
void add_times(const RooflinePoint& point, ordered_json& entry) {
  std::vector<double> shares;
  for (std::size_t r = 0; r < point.seconds.size(); ++r) {
    shares.push_back(least_seconds(point.work, point.peak[r], point.bandwidth) / point.seconds[r]);
  }
  const double peak = spread_of(point.peak).median;
  entry["seconds"] = seconds_json(point.seconds);
  if (point.work.flop > 0.0) {
    entry["flops"] = point.work.flop / spread_of(point.seconds).median;
    entry["roof_flops"] = point.work.flop / least_seconds(point.work, peak, point.bandwidth);
  }
  entry["share_of_roof"] = spread_of(shares).median;
}

ordered_json point_json(const RooflinePoint& point) {
  ordered_json entry{{"operation", point.operation},
                     {"function", point.function},
                     {"shape", point.shape},
                     {"dtype", to_string(point.dtype)},
                     {"backend", point.backend->name},
                     {"isa", point.backend->isa()},
                     {"flop", point.work.flop},
                     {"bytes", point.work.bytes},
                     {"intensity", point.work.flop / point.work.bytes},
                     {"seconds", nullptr},
                     {"flops", nullptr},
                     {"roof_flops", nullptr},
                     {"share_of_roof", nullptr},
                     {"level", point.level},
                     {"wrong", point.wrong.empty() ? ordered_json() : ordered_json(point.wrong)}};
  if (!point.seconds.empty()) add_times(point, entry);
  return entry;
}

}  // namespace

double roof_bandwidth(const Bandwidth& level) {
  return std::max({level.read.highest, level.triad.highest, level.in_place.highest});
}

double least_seconds(const Work& work, double peak, double bandwidth) {
  return std::max(work.flop / peak, work.bytes / bandwidth);
}

double roofline_seconds(const std::vector<RooflinePoint>& points, const StudySetting& setting) {
  const double visit = setting.quick ? kVisitSecondsQuick : kVisitSeconds;
  double a_round = 0.0, checks = 0.0;
  for (const RooflinePoint& point : points) {
    const double call = seconds_of(point, 1);
    a_round += std::max(visit, call) + kProbesOfVisit;
    checks += kCallsOfCheck * call + visit;
  }
  return checks + a_round * static_cast<double>(setting.quick ? kRoundsQuick : kRounds);
}

Roofline measure_roofline(std::vector<RooflinePoint> points, const StudySetting& setting) {
  Roofline roofline;
  PeakProbe peaks(roofline);
  setting.next("roofline, bandwidth of every level of memory");
  roofline.bandwidths = peaks.ceilings().bandwidth();
  std::vector<std::size_t> calls(points.size()), order;
  for (std::size_t i = 0; i < points.size(); ++i) {
    RooflinePoint& point = points[i];
    setting.next(
        fmt::format("roofline, checking {} {} on {}", point.operation, point.shape, point.backend->name));
    const Bandwidth& level = peaks.ceilings().level_of(point.footprint);
    point.level = level.level.name;
    point.bandwidth = roof_bandwidth(level);
    point.wrong = point.problem();
    if (!point.wrong.empty()) continue;
    calls[i] = calls_for(point, setting.quick ? kVisitSecondsQuick : kVisitSeconds);
    order.push_back(i);
  }
  RandomState shuffler(1);
  const std::size_t rounds = setting.quick ? kRoundsQuick : kRounds;
  for (std::size_t round = 0; round < rounds; ++round) {
    probe_all(points, peaks);
    shuffler.shuffle(order);
    for (const std::size_t i : order) {
      setting.next(fmt::format("roofline, round {} of {}", round + 1, rounds));
      visit(points[i], calls[i], peaks);
    }
  }
  roofline.points = std::move(points);
  return roofline;
}

ordered_json roofline_json(const Roofline& roofline) {
  ordered_json bandwidths = ordered_json::array(), peaks = bandwidths, points = bandwidths;
  for (const Bandwidth& b : roofline.bandwidths) {
    bandwidths.push_back({{"level", b.level.name},
                          {"bytes", b.level.bytes},
                          {"working_set", b.working_set},
                          {"read", json_of(b.read)},
                          {"triad", json_of(b.triad)},
                          {"in_place", json_of(b.in_place)},
                          {"roof", roof_bandwidth(b)}});
  }
  for (const auto& [what, readings] : roofline.peaks) {
    ordered_json entry{{"isa", to_string(what.first)}, {"dtype", to_string(what.second)}};
    entry.update(json_of(spread_of(readings)));
    peaks.push_back(std::move(entry));
  }
  for (const RooflinePoint& point : roofline.points) points.push_back(point_json(point));
  return {{"bandwidths", std::move(bandwidths)}, {"peaks", std::move(peaks)}, {"points", std::move(points)}};
}

}  // namespace mlpbench
