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
       C::number("samples/s", &Row::samples_per_second, quantity_text, kTimed),
       C::range("speed-up", &Row::speedup, number_text, kCompared),
       C::number("efficiency", &Row::efficiency, kWholePercent, kCompared),
       C::number("ideal", &Row::threads, count_text, kCompared),
       C::range("FMA ceiling", &Row::fma_ceiling, number_text, kCompared),
       C::right("memory ceiling", memory, kCompared)},
      [](const Row& row) {
        return row.wrong.empty() && row.is_base() ? Reached{kTimed, "the base"} : named_if_wrong(row);
      });
}

Table crossover_table(const Document& document) {
  struct Row : SweepPointFact {
    const CrossoverFact* sweep;
  };
  using C = Columns<Row>;
  std::vector<Row> rows;
  for (const CrossoverFact& sweep : document.crossover) {
    for (const SweepPointFact& point : sweep.points) rows.push_back({point, &sweep});
  }
  enum { kNamed, kTimed };
  const auto pays = [](const Row& row) { return row.pays ? "yes" : "no"; };
  const auto threshold = [](const Row& row) { return row.above_threshold ? "shares" : "serial"; };
  return table_of<Row>(rows,
                       {C::left("sweep", [](const Row& row) { return row.sweep->sweep; }),
                        C::left("backend", [](const Row& row) { return backend_and_dtype(*row.sweep); }),
                        C::number(
                            "threads", [](const Row& row) { return row.sweep->threads; }, count_text),
                        C::number("size", &Row::size, count_text),
                        C::number("serial step", &Row::serial_seconds, seconds_text, kTimed),
                        C::number("predicted", &Row::predicted, number_text, kTimed),
                        C::range("measured", &Row::measured, number_text, kTimed),
                        C::right("pays", pays, kTimed), C::right("threshold", threshold, kTimed)},
                       named_if_wrong<Row>);
}

Table determinism_table(const Document& document) {
  using Row = DeterminismFact;
  using C = Columns<Row>;
  enum { kNamed, kTimed };
  const auto interval = [](const Row& row) {
    return row.interval ? number_text(row.interval->low) + " to " + number_text(row.interval->high)
                        : std::string(kNotKnown);
  };
  return table_of<Row>(document.determinism,
                       {C::left("case", &Row::name), C::left("backend", backend_and_dtype<Row>),
                        C::number("threads", &Row::threads, count_text),
                        C::number("fixed order", &Row::fixed_order, seconds_text, kTimed),
                        C::number("free order", &Row::free_order, seconds_text, kTimed),
                        C::number("fixed / free", &Row::fixed_over_free, number_text, kTimed),
                        C::right("95 % interval", interval, kTimed)},
                       named_if_wrong<Row>);
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
      named_if_wrong<Point>);
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
