#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "backends/operations/operands.h"
#include "bench/studies/sections.h"

namespace mlpbench {
namespace {

constexpr std::size_t kRounds = 9, kRoundsQuick = 6;  ///< 6: the least that has a 95 % interval
constexpr VisitTime kRooflineVisit{.full = 1e-3, .quick = 3e-4};
constexpr double kProbesOfVisit = 3e-3;  ///< seconds of the FMA probes before and after a visit, about
constexpr double kCallsOfCheck = 3.0;    ///< as long as the check of a point, about

std::size_t most_rounds(bool quick) { return quick ? kRoundsQuick : kRounds; }

template <typename T>
void add_points(const BackendEntry& entry, const Operation& operation, TimedBy at_least,
                std::vector<RooflinePoint>& all) {
  if (!operation.offered_by(entry.get<T>())) return;
  for (const auto& [spec, by] : operation.timed) {
    if (by < at_least) continue;
    const auto run = std::make_shared<OperationRun<T>>(operation, spec, entry.get<T>());
    const Work work = operation.work(spec, sizeof(T));
    RooflinePoint& point = all.emplace_back();
    point.dtype = kDTypeOf<T>;
    point.isa = entry.isa();
    point.footprint = operation.footprint(spec, sizeof(T));
    point.check = [run] { return run->check(); };
    point.call = [run] { (*run)(); };
    OperationFact& fact = point.fact;
    fact.operation = operation.name;
    fact.function = operation.function_of(spec);
    fact.shape = operation.shape_of(spec);
    fact.dtype = to_string(point.dtype);
    fact.backend = entry.name;
    fact.isa = entry.isa_text();
    fact.flop = work.flop;
    fact.bytes = work.bytes;
    fact.intensity = work.flop / work.bytes;
  }
}

/// Of one call, after one that is not timed.
double seconds_of(const RooflinePoint& point, std::size_t calls) {
  if (calls > 1) point.call();
  const Clock::time_point start = Clock::now();
  for (std::size_t i = 0; i < calls; ++i) point.call();
  return seconds_since(start) / static_cast<double>(calls);
}

Item item_of(const RooflinePoint& point, bool quick) {
  const OperationFact& fact = point.fact;
  return {.name = fmt::format("roofline/{}/{}/{}/{}/{}", fact.operation, fact.function, fact.shape,
                              fact.dtype, fact.backend),
          .check = point.check,
          .time = [&point](std::size_t calls, std::size_t) { return std::vector{seconds_of(point, calls)}; },
          .seconds = kRooflineVisit.seconds(quick),
          .probe = Probe{.isa = probed_isa(point.isa), .dtype = point.dtype}};
}

/// Every instruction set of this machine in the precisions of the points, also those that no backend
/// executes.
void probe_all(const std::vector<RooflinePoint>& points, const Ceilings& ceilings) {
  for (const Isa isa : known_isas()) {
    if (!unusable_probe(isa).empty()) continue;
    for (const DType dtype : {DType::float32, DType::float64}) {
      const auto has = [dtype](const RooflinePoint& point) { return point.dtype == dtype; };
      if (std::any_of(points.begin(), points.end(), has)) ceilings.fma_now(isa, dtype);
    }
  }
}

Range range_of(const Summary& summary) { return {summary.lowest, summary.median, summary.highest, {}, {}}; }

void finish(const Measurement& series, double bandwidth, OperationFact& fact) {
  fact.wrong = series.wrong;
  if (series.seconds.empty()) return;
  std::vector<double> shares, peaks;
  for (std::size_t r = 0; r < series.seconds.size(); ++r) {
    peaks.push_back(series.readings[r].flops);
    shares.push_back(least_seconds(fact.flop, fact.bytes, peaks[r], bandwidth) / series.seconds[r]);
  }
  fact.seconds = {Range::of(series.seconds)};
  fact.seconds.interval = median_interval(series.seconds, 0.95);
  fact.share_of_roof = median(shares);
  if (fact.flop <= 0.0) return;
  fact.flops = fact.flop / fact.seconds.median;
  fact.roof_flops = fact.flop / least_seconds(fact.flop, fact.bytes, median(peaks), bandwidth);
}

std::vector<RooflinePoint> points_of(const Selected& selected, const StudySetting& setting) {
  return roofline_points(selected.backends, selected.dtypes, setting.quick);
}

void run_roofline(const Selected& selected, const StudySetting& setting, Document& document) {
  document.roofline = measure_roofline(points_of(selected, setting), setting);
}

/// By one call of each point.
double estimate_roofline(StudyPlan& plan) {
  const double visit = kRooflineVisit.seconds(plan.setting.quick);
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

double least_seconds(double flop, double bytes, double peak, double bandwidth) {
  return std::max(flop / peak, bytes / bandwidth);
}

std::vector<RooflinePoint> roofline_points(const std::vector<const BackendEntry*>& backends,
                                           const std::vector<DType>& dtypes, bool quick) {
  const TimedBy at_least = quick ? TimedBy::rows_and_quick_roofline : TimedBy::rows_and_roofline;
  std::vector<RooflinePoint> all;
  for (const DType dtype : dtypes) {
    for (const BackendEntry* backend : backends) {
      if (!backend->has(dtype)) continue;
      for (const Operation& operation : operations()) {
        const auto add = dtype == DType::float32 ? add_points<float> : add_points<double>;
        add(*backend, operation, at_least, all);
      }
    }
  }
  return all;
}

RooflineFact measure_roofline(std::vector<RooflinePoint> points, const StudySetting& setting) {
  const Ceilings ceilings;
  setting.next("roofline, bandwidth of every level of memory");
  std::vector<Item> items;
  std::vector<double> bandwidths;
  for (RooflinePoint& point : points) {
    const Bandwidth& level = ceilings.level_of(point.footprint);
    point.fact.level = level.level.name;
    bandwidths.push_back(roof_bandwidth(level));
    items.push_back(item_of(point, setting.quick));
  }
  probe_all(points, ceilings);
  const std::vector<Measurement> all =
      setting.measure("roofline", items, most_rounds(setting.quick), &ceilings);
  probe_all(points, ceilings);
  RooflineFact fact;
  for (std::size_t i = 0; i < points.size(); ++i) {
    finish(all[i], bandwidths[i], points[i].fact);
    fact.points.push_back(std::move(points[i].fact));
  }
  for (const Bandwidth& b : ceilings.bandwidth()) {
    fact.bandwidths.push_back({b.level.name, b.level.bytes, b.working_set, range_of(b.read),
                               range_of(b.triad), range_of(b.in_place), roof_bandwidth(b)});
  }
  for (const auto& [what, readings] : ceilings.readings()) {
    fact.peaks.push_back({std::string(to_string(what.first)), std::string(to_string(what.second)),
                          range_of(summarize(readings))});
  }
  return fact;
}

Study roofline_study() {
  return {.name = "roofline",
          .about = "how fast the operations are, and how fast the machine could let them be",
          .estimate = estimate_roofline,
          .run = run_roofline};
}

}  // namespace mlpbench
