#include "bench/studies/roofline.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "bench/results/document.h"
#include "bench/stats/order.h"
#include "bench/studies/study.h"

namespace mlpbench {
namespace {

constexpr std::size_t kRounds = 9, kRoundsQuick = 6;  ///< 6: the least that has a 95 % interval
constexpr double kVisitSeconds = 1e-3, kVisitSecondsQuick = 3e-4;
constexpr double kProbesOfVisit = 3e-3;  ///< seconds of the FMA probes before and after a visit, about
constexpr double kCallsOfCheck = 3.0;    ///< as long as the check of a point, about

double visit_seconds(bool quick) { return quick ? kVisitSecondsQuick : kVisitSeconds; }
std::size_t most_rounds(bool quick) { return quick ? kRoundsQuick : kRounds; }

/// Of one call, after one that is not timed.
double seconds_of(const RooflinePoint& point, std::size_t calls) {
  if (calls > 1) point.call();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < calls; ++i) point.call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() /
         static_cast<double>(calls);
}

Item item_of(const RooflinePoint& point, bool quick) {
  return {.name = fmt::format("roofline/{}/{}/{}/{}/{}", point.operation, point.function, point.shape,
                              to_string(point.dtype), point.backend->name),
          .check = point.problem,
          .time = [&point](std::size_t calls, std::size_t) { return std::vector{seconds_of(point, calls)}; },
          .seconds = visit_seconds(quick),
          .probe = Probe{.isa = probed_isa(point.backend->executes()), .dtype = point.dtype}};
}

/// Every instruction set of this machine in the precisions of the points, also those that no backend
/// executes.
void probe_all(const std::vector<RooflinePoint>& points, const Ceilings& ceilings) {
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (!unusable_probe(isa).empty()) continue;
    for (const DType dtype : {DType::float32, DType::float64}) {
      const auto has = [dtype](const RooflinePoint& point) { return point.dtype == dtype; };
      if (std::any_of(points.begin(), points.end(), has)) ceilings.fma_now(isa, dtype);
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

std::vector<RooflinePoint> points_of(const Selected& selected, const StudySetting& setting) {
  return roofline_points(selected.backends, selected.dtypes, setting.quick);
}

ordered_json run(const Selected& selected, const StudySetting& setting) {
  return roofline_json(measure_roofline(points_of(selected, setting), setting));
}

/// By one call of each point.
double estimate(StudyPlan& plan) {
  const double visit = visit_seconds(plan.setting.quick);
  double a_round = 0.0, checks = 0.0;
  for (const RooflinePoint& point : points_of(plan.selected, plan.setting)) {
    const double call = seconds_of(point, 1);
    a_round += std::max(visit, call) + kProbesOfVisit;
    checks += kCallsOfCheck * call + visit;
  }
  return checks +
         a_round * static_cast<double>(std::min(plan.setting.rounds, most_rounds(plan.setting.quick)));
}

}  // namespace

double roof_bandwidth(const Bandwidth& level) {
  return std::max({level.read.highest, level.triad.highest, level.in_place.highest});
}

double least_seconds(const Work& work, double peak, double bandwidth) {
  return std::max(work.flop / peak, work.bytes / bandwidth);
}

Roofline measure_roofline(std::vector<RooflinePoint> points, const StudySetting& setting) {
  const Ceilings ceilings;
  setting.next("roofline, bandwidth of every level of memory");
  std::vector<Item> items;
  for (RooflinePoint& point : points) {
    const Bandwidth& level = ceilings.level_of(point.footprint);
    point.level = level.level.name;
    point.bandwidth = roof_bandwidth(level);
    items.push_back(item_of(point, setting.quick));
  }
  probe_all(points, ceilings);
  const std::vector<Series> all = setting.measure("roofline", items, most_rounds(setting.quick), &ceilings);
  probe_all(points, ceilings);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].wrong = all[i].wrong;
    points[i].seconds = all[i].seconds;
    for (const Reading& reading : all[i].readings) points[i].peak.push_back(reading.flops);
  }
  return {ceilings.bandwidth(), ceilings.readings(), std::move(points)};
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

Study roofline_study() {
  return {.name = "roofline",
          .about = "how fast the operations are, and how fast the machine could let them be",
          .estimate = estimate,
          .run = run};
}

}  // namespace mlpbench
