#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/report/columns.h"
#include "bench/report/facts.h"

namespace mlpbench {
namespace {

using namespace columns;

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

std::string bytes_text(double bytes) { return std::isnan(bytes) ? kNotKnown : quantity_text(bytes) + "B"; }

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
  const auto reached = [](const TargetFact& target) {
    return Cell(fmt::format("{}/{} seeds", target.reached, target.seeds), static_cast<double>(target.reached),
                target.reached < target.seeds ? "bad" : "good");
  };
  return table_of<TargetFact>(
      document.time_to_accuracy,
      {left("experiment", &TargetFact::experiment), left("trainer", &TargetFact::trainer),
       left("backend", backend_and_dtype), number("threads", &TargetFact::threads, count_text),
       number("target", &TargetFact::target_accuracy, kWholePercent), right("reached", reached),
       range("time to it", over_all_seeds(&TargetFact::seconds_to_target), seconds_text),
       range("with evaluation", over_all_seeds(&TargetFact::seconds_with_evaluation), seconds_text),
       range("epochs to it", over_all_seeds(&TargetFact::epochs_to_target), count_text),
       range("accuracy at the end", &TargetFact::accuracy, percent_with<2>)});
}

Table optimiser_table(const Document& document) {
  const auto reached = [](const OptimiserFact& row) {
    return Cell(fmt::format("{}/{}", row.reached, row.seeds), static_cast<double>(row.reached),
                row.reached < row.seeds ? "bad" : "good");
  };
  const auto over_seeds = [](RangeOfSeeds OptimiserFact::*found) {
    return [found](const OptimiserFact& row) {
      std::vector<double> all = range_over((row.*found).values).values;
      all.resize(std::max(all.size(), row.seeds), std::numeric_limits<double>::infinity());
      return range_over(all);
    };
  };
  return table_of<OptimiserFact>(
      document.optimisers,
      {left("experiment", &OptimiserFact::experiment), left("optimiser", &OptimiserFact::optimiser),
       number("batch", &OptimiserFact::batch_size, count_text),
       number("rate", &OptimiserFact::learning_rate, number_text),
       number("target loss", &OptimiserFact::target_loss, number_text), right("reached", reached),
       range("epochs to it", over_seeds(&OptimiserFact::epochs_to_target), count_text),
       range("time to it", over_seeds(&OptimiserFact::seconds_to_target), seconds_text),
       range("validation loss", &OptimiserFact::validation_loss, number_text),
       range("test accuracy", &OptimiserFact::accuracy, percent_with<2>)});
}

Table scaling_table(const Document& document) {
  const auto threads = [](const ScalingFact& row) {
    return Cell(std::to_string(row.threads) + (row.obeys_threshold ? "" : "*"),
                static_cast<double>(row.threads));
  };
  const auto memory = [](const ScalingFact& row) {
    return Cell(number_text(row.memory_ceiling.median) + " " + row.memory_level, row.memory_ceiling.median);
  };
  return table_of<ScalingFact>(
      document.scaling,
      {left("case", &ScalingFact::name), left("backend", backend_and_dtype),
       right("threads", threads, kTimed), number("used", &ScalingFact::threads_used, count_text, kTimed),
       number("samples/s", &ScalingFact::samples_per_second, quantity_text, kTimed),
       range("speed-up", &ScalingFact::speedup, number_text, kCompared),
       number("efficiency", &ScalingFact::efficiency, kWholePercent, kCompared),
       number("ideal", &ScalingFact::threads, count_text, kCompared),
       range("FMA ceiling", &ScalingFact::fma_ceiling, number_text, kCompared),
       right("memory ceiling", memory, kCompared)},
      [](const ScalingFact& row) {
        return row.wrong.empty() && row.is_base() ? Reached{kTimed, "the base"} : named_if_wrong(row);
      });
}

Table crossover_table(const Document& document) {
  struct Row : SweepPointFact {
    const CrossoverFact* sweep;
  };
  std::vector<Row> rows;
  for (const CrossoverFact& sweep : document.crossover) {
    for (const SweepPointFact& point : sweep.points) rows.push_back({point, &sweep});
  }
  const auto pays = [](const Row& row) { return row.pays ? "yes" : "no"; };
  const auto threshold = [](const Row& row) { return row.above_threshold ? "shares" : "serial"; };
  return table_of<Row>(rows,
                       {left("sweep", [](const Row& row) { return row.sweep->sweep; }),
                        left("backend", [](const Row& row) { return backend_and_dtype(*row.sweep); }),
                        number(
                            "threads", [](const Row& row) { return row.sweep->threads; }, count_text),
                        number("size", &Row::size, count_text),
                        number("serial step", &Row::serial_seconds, seconds_text, kTimed),
                        number("predicted", &Row::predicted, number_text, kTimed),
                        range("measured", &Row::measured, number_text, kTimed), right("pays", pays, kTimed),
                        right("threshold", threshold, kTimed)},
                       named_if_wrong<Row>);
}

Table determinism_table(const Document& document) {
  const auto interval = [](const DeterminismFact& row) {
    return row.interval ? number_text(row.interval->low) + " to " + number_text(row.interval->high)
                        : std::string(kNotKnown);
  };
  return table_of<DeterminismFact>(
      document.determinism,
      {left("case", &DeterminismFact::name), left("backend", backend_and_dtype),
       number("threads", &DeterminismFact::threads, count_text),
       number("fixed order", &DeterminismFact::fixed_order, seconds_text, kTimed),
       number("free order", &DeterminismFact::free_order, seconds_text, kTimed),
       number("fixed / free", &DeterminismFact::fixed_over_free, number_text, kTimed),
       right("95 % interval", interval, kTimed)},
      named_if_wrong<DeterminismFact>);
}

Table simulated_ranks_table(const Document& document) {
  const auto error = [](const SimulatedRanksFact& row) {
    const double whole = std::round(100.0 * row.model_error) / 100.0 + 0.0;  // no "-0 %"
    return Cell(percent_with<0>(whole), row.model_error);
  };
  return table_of<SimulatedRanksFact>(
      document.simulated_ranks,
      {left("network", &SimulatedRanksFact::network), left("trainer", &SimulatedRanksFact::trainer),
       left("cluster", &SimulatedRanksFact::cluster).at(1, 0), left("scaling", &SimulatedRanksFact::scaling),
       left("simulated by", &SimulatedRanksFact::simulator).at(0, 7),
       number("ranks", &SimulatedRanksFact::ranks, count_text),
       number("with work", &SimulatedRanksFact::ranks_with_work, count_text).at(0, 4),
       number("samples", &SimulatedRanksFact::samples, count_text).at(0, 3),
       number("step alone", &SimulatedRanksFact::compute_seconds, seconds_text, kTimed).at(0, 6),
       number("simulated", &SimulatedRanksFact::simulated_seconds, seconds_text, kTimed),
       number("model", &SimulatedRanksFact::model_seconds, seconds_text, kTimed).at(0, 5),
       right("error", error, kTimed),
       number("efficiency", &SimulatedRanksFact::efficiency, kWholePercent, kTimed),
       number("sent", &SimulatedRanksFact::bytes_sent, bytes_text, kTimed).at(0, 2)},
      named_if_wrong<SimulatedRanksFact>);
}

Table bandwidth_table(const RooflineFact& roofline) {
  const auto kibibytes = [](double bytes) { return bytes > 0 ? count_text(bytes / 1024.0) : kNotKnown; };
  return table_of<BandwidthFact>(
      roofline.bandwidths,
      {left("level", &BandwidthFact::level), number("size, KiB", &BandwidthFact::bytes, kibibytes),
       range("reading, GB/s", &BandwidthFact::read, giga_text),
       range("triad, GB/s", &BandwidthFact::triad, giga_text)});
}

Table peak_table(const RooflineFact& roofline) {
  return table_of<PeakFact>(roofline.peaks,
                            {left("instruction set", &PeakFact::isa), left("dtype", &PeakFact::dtype),
                             range("multiply-adds in registers, GFLOP/s", &PeakFact::flops, giga_text)});
}

Table operation_table(const RooflineFact& roofline) {
  const auto share = [](const OperationFact& point) {
    const bool above = point.is_above_roof();
    return Cell(kWholePercent(point.share_of_roof) + (above ? " (above)" : ""), point.share_of_roof,
                above ? "bad" : "");
  };
  const auto name = [](const OperationFact& point) {
    const bool plain = point.function.empty() || point.function == "-";
    return point.operation + (plain ? "" : " " + point.function);
  };
  return table_of<OperationFact>(
      roofline.points,
      {left("operation", name), left("shape", &OperationFact::shape), left("backend", backend_and_dtype),
       range("time", &OperationFact::seconds, seconds_text, kTimed),
       number("flop/B", &OperationFact::intensity, number_text, kTimed),
       number("GFLOP/s", &OperationFact::flops, giga_text, kTimed),
       number("roof", &OperationFact::roof_flops, giga_text, kTimed), right("of the roof", share, kTimed),
       left("data in", &OperationFact::level, kTimed)},
      named_if_wrong<OperationFact>);
}

Table curve_table(const Document& document) {
  const auto epochs = [](const CurveFact& curve) {
    return curve.epoch.empty() ? NAN : curve.epoch.back().value;
  };
  return table_of<CurveFact>(
      document.curves,
      {left("experiment", &CurveFact::experiment), left("trainer", &CurveFact::trainer),
       left("backend", backend_and_dtype),
       number(
           "seeds", [](const CurveFact& curve) { return curve.seeds.size(); }, count_text),
       number("epochs", epochs, count_text),
       range(
           "time/epoch", [](const CurveFact& curve) { return range_over(curve.seconds_per_epoch); },
           seconds_text),
       range("first loss", losses(false), number_text), range("last loss", losses(true), number_text)});
}

Table boundary_table(const Document& document) {
  return table_of<BoundaryFact>(
      document.boundaries,
      {left("experiment", &BoundaryFact::experiment), left("dtype", &BoundaryFact::dtype),
       left("fastest", [](const BoundaryFact& plane) { return plane.fastest.backend; }),
       number(
           "points of the grid", [](const BoundaryFact& plane) { return plane.grid * plane.grid; },
           count_text),
       number("largest difference of a probability", &BoundaryFact::largest_difference, exponent_text)});
}

}  // namespace mlpbench
