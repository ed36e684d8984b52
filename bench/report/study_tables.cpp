#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/report/columns.h"
#include "bench/report/tables.h"

namespace mlpbench {
namespace {

constexpr auto kWholePercent = percent_with<0>;

/// The seeds that reached a target, and infinity for the others.
std::vector<double> with_unreached(const TargetFact& target, const Range& reached) {
  std::vector<double> all = range_over(reached.values).values;
  all.resize(std::max(all.size(), target.seeds), std::numeric_limits<double>::infinity());
  return all;
}

/// The same of a member of the target, over all seeds.
auto over_all_seeds(RangeOfSeeds TargetFact::*reached) {
  return [reached](const TargetFact& target) { return range_over(with_unreached(target, target.*reached)); };
}

std::string giga_text(double rate) { return std::isfinite(rate) ? number_text(rate * 1e-9) : kNotKnown; }

/// The first or the last loss of each seed.
auto losses(bool last) {
  return [last](const CurveFact& curve) {
    std::vector<double> losses;
    for (const std::vector<double>& loss : curve.loss) {
      if (!loss.empty()) losses.push_back(last ? loss.back() : loss.front());
    }
    return range_over(losses);
  };
}

}  // namespace

std::vector<double> times_to_target(const TargetFact& target) {
  return with_unreached(target, target.seconds_to_target);
}

Table target_table(const Document& document) {
  using Target = TargetFact;
  using C = Columns<Target>;
  const auto reached = [](const Target& target) {
    return Cell(fmt::format("{}/{} seeds", target.reached, target.seeds), static_cast<double>(target.reached),
                target.reached < target.seeds ? "bad" : "good");
  };
  return table_of<Target>(
      document.time_to_accuracy,
      {C::left("experiment", &Target::experiment), C::left("trainer", &Target::trainer),
       C::left("backend", backend_and_dtype<Target>), C::number("threads", &Target::threads, count_text),
       C::number("target", &Target::target_accuracy, kWholePercent), C::right("reached", reached),
       C::range("time to it", over_all_seeds(&Target::seconds_to_target), seconds_text),
       C::range("with evaluation", over_all_seeds(&Target::seconds_with_evaluation), seconds_text),
       C::range("epochs to it", over_all_seeds(&Target::epochs_to_target), count_text),
       C::range("accuracy at the end", &Target::accuracy, percent_with<2>)});
}

Table scaling_table(const Document& document) {
  using Row = ScalingFact;
  using C = Columns<Row>;
  enum { kNamed, kTimed, kCompared };
  const auto threads = [](const Row& row) {
    return Cell(std::to_string(row.threads) + (row.obeys_threshold ? "" : "*"),
                static_cast<double>(row.threads));
  };
  const auto memory = [](const Row& row) {
    return Cell(number_text(row.memory_ceiling.median) + " " + row.memory_level, row.memory_ceiling.median);
  };
  return table_of<Row>(
      document.scaling,
      {C::left("case", &Row::name), C::left("backend", backend_and_dtype<Row>),
       C::right("threads", threads, kTimed), C::number("used", &Row::threads_used, count_text, kTimed),
       C::number(
           "samples/s", [](const Row& row) { return row.samples_per_second.median; }, quantity_text, kTimed),
       C::range("speed-up", &Row::speedup, number_text, kCompared),
       C::number(
           "efficiency", [](const Row& row) { return row.efficiency.median; }, kWholePercent, kCompared),
       C::number("ideal", &Row::threads, count_text, kCompared),
       C::range("FMA ceiling", &Row::fma_ceiling, number_text, kCompared),
       C::right("memory ceiling", memory, kCompared)},
      [](const Row& row) -> Reached {
        if (!row.wrong.empty()) return {kNamed, "WRONG, not timed: " + row.wrong};
        return row.is_base() ? Reached{kTimed, "the base"} : Reached{};
      });
}

Table crossover_table(const Document& document) {
  struct Row {
    const CrossoverFact& sweep;
    const SweepPointFact& point;
  };
  using C = Columns<Row>;
  std::vector<Row> rows;
  for (const CrossoverFact& sweep : document.crossover) {
    for (const SweepPointFact& point : sweep.points) rows.push_back({sweep, point});
  }
  enum { kNamed, kTimed };
  return table_of<Row>(
      rows,
      {C::left("sweep", [](const Row& row) { return row.sweep.sweep; }),
       C::left("backend", [](const Row& row) { return backend_and_dtype(row.sweep); }),
       C::number(
           "threads", [](const Row& row) { return row.sweep.threads; }, count_text),
       C::number(
           "size", [](const Row& row) { return row.point.size; }, count_text),
       C::number(
           "serial step", [](const Row& row) { return row.point.serial_seconds; }, seconds_text, kTimed),
       C::number(
           "predicted", [](const Row& row) { return row.point.predicted; }, number_text, kTimed),
       C::range(
           "measured", [](const Row& row) { return row.point.measured; }, number_text, kTimed),
       C::right(
           "pays", [](const Row& row) { return std::string(row.point.pays ? "yes" : "no"); }, kTimed),
       C::right(
           "threshold",
           [](const Row& row) { return std::string(row.point.above_threshold ? "shares" : "serial"); },
           kTimed)},
      [](const Row& row) -> Reached {
        return row.point.wrong.empty() ? Reached{} : Reached{kNamed, "WRONG, not timed: " + row.point.wrong};
      });
}

Table determinism_table(const Document& document) {
  using Row = DeterminismFact;
  using C = Columns<Row>;
  enum { kNamed, kTimed };
  const auto interval = [](const Row& row) {
    return row.interval ? number_text(row.interval->low) + " to " + number_text(row.interval->high)
                        : std::string(kNotKnown);
  };
  return table_of<Row>(
      document.determinism,
      {C::left("case", &Row::name), C::left("backend", backend_and_dtype<Row>),
       C::number("threads", &Row::threads, count_text),
       C::number(
           "fixed order", [](const Row& row) { return row.fixed_order.median; }, seconds_text, kTimed),
       C::number(
           "free order", [](const Row& row) { return row.free_order.median; }, seconds_text, kTimed),
       C::number("fixed / free", &Row::fixed_over_free, number_text, kTimed),
       C::right("95 % interval", interval, kTimed)},
      [](const Row& row) -> Reached {
        return row.wrong.empty() ? Reached{} : Reached{kNamed, "WRONG, not timed: " + row.wrong};
      });
}

Table bandwidth_table(const RooflineFact& roofline) {
  using Level = BandwidthFact;
  using C = Columns<Level>;
  const auto kibibytes = [](double bytes) { return bytes > 0 ? count_text(bytes / 1024.0) : kNotKnown; };
  return table_of<Level>(roofline.bandwidths,
                         {C::left("level", &Level::level), C::number("size, KiB", &Level::bytes, kibibytes),
                          C::range("reading, GB/s", &Level::read, giga_text),
                          C::range("triad, GB/s", &Level::triad, giga_text)});
}

Table peak_table(const RooflineFact& roofline) {
  using C = Columns<PeakFact>;
  return table_of<PeakFact>(roofline.peaks,
                            {C::left("instruction set", &PeakFact::isa), C::left("dtype", &PeakFact::dtype),
                             C::range("multiply-adds in registers, GFLOP/s", &PeakFact::flops, giga_text)});
}

Table operation_table(const RooflineFact& roofline) {
  using Point = OperationFact;
  using C = Columns<Point>;
  enum { kNamed, kTimed };
  const auto name = [](const Point& point) {
    const bool plain = point.function.empty() || point.function == "-";
    return point.operation + (plain ? "" : " " + point.function);
  };
  return table_of<Point>(
      roofline.points,
      {C::left("operation", name), C::left("shape", &Point::shape),
       C::left("backend", backend_and_dtype<Point>), C::range("time", &Point::seconds, seconds_text, kTimed),
       C::number("flop/B", &Point::intensity, number_text, kTimed),
       C::number("GFLOP/s", &Point::flops, giga_text, kTimed),
       C::number("roof", &Point::roof_flops, giga_text, kTimed),
       C::number("of the roof", &Point::share_of_roof, kWholePercent, kTimed),
       C::left("data in", &Point::level, kTimed)},
      [](const Point& point) {
        return point.wrong.empty() ? Reached{} : Reached{kNamed, "WRONG, not timed: " + point.wrong};
      });
}

Table curve_table(const Document& document) {
  using Curve = CurveFact;
  using C = Columns<Curve>;
  const auto epochs = [](const Curve& curve) { return curve.epoch.empty() ? NAN : curve.epoch.back().value; };
  return table_of<Curve>(
      document.curves,
      {C::left("experiment", &Curve::experiment), C::left("trainer", &Curve::trainer),
       C::left("backend", backend_and_dtype<Curve>),
       C::number(
           "seeds", [](const Curve& curve) { return curve.seeds.size(); }, count_text),
       C::number("epochs", epochs, count_text),
       C::range(
           "time/epoch", [](const Curve& curve) { return range_over(curve.seconds_per_epoch); },
           seconds_text),
       C::range("first loss", losses(false), number_text), C::range("last loss", losses(true), number_text)});
}

Table boundary_table(const Document& document) {
  using Plane = BoundaryFact;
  using C = Columns<Plane>;
  return table_of<Plane>(
      document.boundaries,
      {C::left("experiment", &Plane::experiment), C::left("dtype", &Plane::dtype),
       C::left("fastest", [](const Plane& plane) { return plane.fastest.backend; }),
       C::number(
           "points of the grid", [](const Plane& plane) { return plane.grid * plane.grid; }, count_text),
       C::number("largest difference of a probability", &Plane::largest_difference, exponent_text)});
}

}  // namespace mlpbench
