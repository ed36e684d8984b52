#include "bench/studies/roofline.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "bench/results/document.h"
#include "bench/stats/order.h"
#include "core/data/random_state.h"

namespace mlpbench {
namespace {

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

Range range_of(const Spread& spread) { return {spread.lowest, spread.median, spread.highest, {}, {}}; }

OperationFact operation_of(const RooflinePoint& point) {
  OperationFact fact;
  fact.operation = point.operation;
  fact.function = point.function;
  fact.shape = point.shape;
  fact.dtype = to_string(point.dtype);
  fact.backend = point.backend->name;
  fact.isa = point.backend->isa();
  fact.flop = point.work.flop;
  fact.bytes = point.work.bytes;
  fact.intensity = point.work.flop / point.work.bytes;
  fact.level = point.level;
  fact.wrong = point.wrong;
  if (point.seconds.empty()) return fact;
  std::vector<double> shares;
  for (std::size_t r = 0; r < point.seconds.size(); ++r) {
    shares.push_back(least_seconds(point.work, point.peak[r], point.bandwidth) / point.seconds[r]);
  }
  fact.seconds = {Range::of(point.seconds)};
  fact.seconds.interval = median_interval(point.seconds, 0.95);
  if (point.work.flop > 0.0) {
    const double peak = spread_of(point.peak).median;
    fact.flops = point.work.flop / fact.seconds.median;
    fact.roof_flops = point.work.flop / least_seconds(point.work, peak, point.bandwidth);
  }
  fact.share_of_roof = spread_of(shares).median;
  return fact;
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

nlohmann::ordered_json roofline_json(const Roofline& roofline) {
  RooflineFact fact;
  for (const Bandwidth& b : roofline.bandwidths) {
    fact.bandwidths.push_back({b.level.name, b.level.bytes, b.working_set, range_of(b.read),
                               range_of(b.triad), range_of(b.in_place), roof_bandwidth(b)});
  }
  for (const auto& [what, readings] : roofline.peaks) {
    fact.peaks.push_back({std::string(to_string(what.first)), std::string(to_string(what.second)),
                          range_of(spread_of(readings))});
  }
  for (const RooflinePoint& point : roofline.points) fact.points.push_back(operation_of(point));
  return json_of(fact);
}

}  // namespace mlpbench
