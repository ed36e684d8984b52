#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/report/tables.h"
#include "bench/report/words.h"

namespace mlpbench {
namespace {

/// "1.74 s [1.60, 2.10]"
template <typename Text>
std::string with_extremes(const Range& range, Text text) {
  if (!range.known()) return kNotKnown;
  return bracketed_text(text(range.median), text(range.lowest), text(range.highest));
}

std::vector<double> padded(const TargetFact& target, const Range& reached) {
  std::vector<double> all = range_over(reached.values).values;
  all.resize(std::max(all.size(), target.seeds), std::numeric_limits<double>::infinity());
  return all;
}

std::string gigabytes(double bytes_per_second) {
  return std::isfinite(bytes_per_second) ? number_text(bytes_per_second * 1e-9) : kNotKnown;
}

}  // namespace

std::vector<double> times_to_target(const TargetFact& target) {
  return padded(target, target.seconds_to_target);
}

Grid target_grid(const Document& document) {
  Grid grid;
  for (const char* title : {"experiment", "trainer", "backend"}) grid.add_left(title);
  for (const char* title : {"threads", "target", "reached", "time to it", "with evaluation", "epochs to it",
                            "accuracy at the end"})
    grid.add_column(title);
  for (const TargetFact& target : document.time_to_accuracy) {
    const Range seconds = range_over(times_to_target(target));
    const Range evaluated = range_over(padded(target, target.seconds_with_evaluation));
    const Range epochs = range_over(padded(target, target.epochs_to_target));
    grid.add_row({target.experiment,
                  target.trainer,
                  target.backend + " " + target.dtype,
                  {count_text(target.threads), target.threads},
                  {percent_text(target.target_accuracy, 0), target.target_accuracy},
                  {fmt::format("{}/{} seeds", target.reached, target.seeds),
                   static_cast<double>(target.reached), target.reached < target.seeds ? "bad" : "good"},
                  {with_extremes(seconds, seconds_text), seconds.median},
                  {with_extremes(evaluated, seconds_text), evaluated.median},
                  {with_extremes(epochs, count_text), epochs.median},
                  {with_extremes(target.accuracy, [](double part) { return percent_text(part, 2); }),
                   target.accuracy.median}});
  }
  return grid;
}

Grid scaling_grid(const Document& document) {
  Grid grid;
  grid.add_left("case");
  grid.add_left("backend");
  for (const char* title :
       {"threads", "used", "samples/s", "speed-up", "efficiency", "ideal", "FMA ceiling", "memory ceiling"})
    grid.add_column(title);
  for (const ScalingFact& row : document.scaling) {
    std::vector<Grid::Cell> cells = {row.name, row.backend + " " + row.dtype};
    if (!row.wrong.empty()) {
      grid.add_row(std::move(cells), "WRONG, not timed: " + row.wrong);
      continue;
    }
    const double threads = static_cast<double>(row.threads);
    cells.emplace_back(std::to_string(row.threads) + (row.cut_over ? "" : "*"), threads);
    cells.emplace_back(std::to_string(row.threads_used), static_cast<double>(row.threads_used));
    cells.emplace_back(quantity_text(row.samples_per_second.median), row.samples_per_second.median);
    if (row.is_base()) {
      grid.add_row(std::move(cells), "the base");
      continue;
    }
    cells.emplace_back(range_text(row.speedup), row.speedup.median);
    cells.emplace_back(percent_text(row.efficiency.median, 0), row.efficiency.median);
    cells.emplace_back(std::to_string(row.threads), threads);
    cells.emplace_back(range_text(row.fma_ceiling), row.fma_ceiling.median);
    cells.emplace_back(number_text(row.memory_ceiling.median) + " " + row.memory_level,
                       row.memory_ceiling.median);
    grid.add_row(std::move(cells));
  }
  return grid;
}

Grid bandwidth_grid(const RooflineFact& roofline) {
  Grid grid;
  grid.add_left("level");
  for (const char* title : {"size, KiB", "reading, GB/s", "triad, GB/s"}) grid.add_column(title);
  for (const BandwidthFact& level : roofline.bandwidths) {
    grid.add_row({level.level,
                  {level.bytes > 0 ? count_text(level.bytes / 1024.0) : kNotKnown, level.bytes},
                  {with_extremes(level.read, gigabytes), level.read.median},
                  {with_extremes(level.triad, gigabytes), level.triad.median}});
  }
  return grid;
}

Grid peak_grid(const RooflineFact& roofline) {
  Grid grid;
  grid.add_left("instruction set");
  grid.add_left("dtype");
  grid.add_column("multiply-adds in registers, GFLOP/s");
  for (const PeakFact& peak : roofline.peaks) {
    grid.add_row({peak.isa, peak.dtype, {with_extremes(peak.flops, gigabytes), peak.flops.median}});
  }
  return grid;
}

Grid operation_grid(const RooflineFact& roofline) {
  Grid grid;
  for (const char* title : {"operation", "shape", "backend"}) grid.add_left(title);
  for (const char* title : {"time", "flop/B", "GFLOP/s", "roof", "of the roof"}) grid.add_column(title);
  grid.add_left("data in");
  for (const OperationFact& point : roofline.points) {
    const bool plain = point.function.empty() || point.function == "-";
    std::vector<Grid::Cell> cells = {point.operation + (plain ? "" : " " + point.function), point.shape,
                                     point.backend + " " + point.dtype};
    if (!point.wrong.empty()) {
      grid.add_row(std::move(cells), "WRONG, not timed: " + point.wrong);
      continue;
    }
    cells.emplace_back(with_extremes(point.seconds, seconds_text), point.seconds.median);
    cells.emplace_back(number_text(point.intensity), point.intensity);
    cells.emplace_back(gigabytes(point.flops), point.flops);
    cells.emplace_back(gigabytes(point.roof_flops), point.roof_flops);
    cells.emplace_back(percent_text(point.share_of_roof, 0), point.share_of_roof);
    cells.emplace_back(point.level);
    grid.add_row(std::move(cells));
  }
  return grid;
}

Grid curve_grid(const Document& document) {
  Grid grid;
  for (const char* title : {"experiment", "trainer", "backend"}) grid.add_left(title);
  for (const char* title : {"seeds", "epochs", "time/epoch", "first loss", "last loss"})
    grid.add_column(title);
  for (const CurveFact& curve : document.curves) {
    std::vector<double> first, last;
    for (const std::vector<double>& loss : curve.loss) {
      if (loss.empty()) continue;
      first.push_back(loss.front());
      last.push_back(loss.back());
    }
    const Range seconds = range_over(curve.seconds_per_epoch);
    grid.add_row({curve.experiment,
                  curve.trainer,
                  curve.backend + " " + curve.dtype,
                  {std::to_string(curve.seeds.size()), static_cast<double>(curve.seeds.size())},
                  {curve.epoch.empty() ? kNotKnown : count_text(curve.epoch.back()),
                   curve.epoch.empty() ? NAN : curve.epoch.back()},
                  {with_extremes(seconds, seconds_text), seconds.median},
                  {range_text(range_over(first)), range_over(first).median},
                  {range_text(range_over(last)), range_over(last).median}});
  }
  return grid;
}

Grid boundary_grid(const Document& document) {
  Grid grid;
  for (const char* title : {"experiment", "dtype", "fastest"}) grid.add_left(title);
  for (const char* title : {"points of the grid", "largest difference of a probability"})
    grid.add_column(title);
  for (const BoundaryFact& plane : document.boundaries) {
    const double points = static_cast<double>(plane.grid * plane.grid);
    grid.add_row({plane.experiment,
                  plane.dtype,
                  plane.fastest_backend,
                  {count_text(points), points},
                  {exponent_text(plane.largest_difference), plane.largest_difference}});
  }
  return grid;
}

}  // namespace mlpbench
