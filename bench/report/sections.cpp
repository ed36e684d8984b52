#include "bench/report/sections.h"

#include "bench/report/fields.h"

namespace mlpbench {
namespace {

constexpr std::size_t kLargestGrid = 400;

void require_length(const std::string& what, std::size_t length, std::size_t wanted) {
  if (length != wanted) {
    throw BadField(what + " has " + std::to_string(length) + " entries instead of " + std::to_string(wanted));
  }
}

CurveFact read_curve(const Fields& entry) {
  CurveFact curve;
  read_names(entry, curve);
  curve.threads = number_of(entry, "threads");
  curve.batch_size = number_of(entry, "batch_size");
  curve.seeds = numbers_of(entry, "seeds");
  curve.epoch = numbers_of(entry, "epoch");
  curve.seconds_per_epoch = numbers_of(entry, "seconds_per_epoch");
  curve.loss = rows_of(entry, "loss");
  const std::string name = "curve of " + curve.experiment + "/" + curve.trainer;
  require_length("loss of the " + name, curve.loss.size(), curve.seeds.size());
  require_length("seconds_per_epoch of the " + name, curve.seconds_per_epoch.size(), curve.seeds.size());
  for (const auto& loss : curve.loss) require_length(name, loss.size(), curve.epoch.size());
  return curve;
}

TargetFact read_target(const Fields& entry) {
  TargetFact target;
  read_names(entry, target);
  target.threads = number_of(entry, "threads");
  target.target_accuracy = number_of(entry, "target_accuracy");
  target.epochs = number_of(entry, "epochs");
  target.seeds = count_of(entry, "seeds", 0);
  target.reached = count_of(entry, "seeds_that_reached", 0);
  target.accuracy = range_of(entry, "accuracy", "seeds");
  target.epochs_to_target = range_of(entry, "epochs_to_target", "seeds");
  target.seconds_to_target = range_of(entry, "seconds_to_target", "seeds");
  target.seconds_with_evaluation = range_of(entry, "seconds_to_target_with_evaluation", "seeds");
  return target;
}

ScalingFact read_scaling(const Fields& entry) {
  ScalingFact row;
  row.name = text_of(entry, "case");
  read_names(entry, row);
  row.memory_level = text_of(entry, "memory_level");
  row.wrong = text_of(entry, "wrong");
  row.threads = count_of(entry, "threads", 1);
  row.threads_used = count_of(entry, "threads_used", 1);
  row.cut_over = flag_of(entry, "cut_over", true);
  row.samples_per_second = range_of(entry, "samples_per_second");
  row.speedup = range_of(entry, "speedup");
  row.efficiency = range_of(entry, "efficiency");
  row.fma_ceiling = range_of(entry, "fma_ceiling");
  row.memory_ceiling = range_of(entry, "memory_ceiling");
  row.share = range_of(entry, "share_of_fma_ceiling");
  return row;
}

OperationFact read_operation(const Fields& entry) {
  OperationFact point;
  point.operation = text_of(entry, "operation");
  point.function = text_of(entry, "function");
  point.shape = text_of(entry, "shape");
  read_names(entry, point);
  point.isa = text_of(entry, "isa");
  point.level = text_of(entry, "level");
  point.wrong = text_of(entry, "wrong");
  point.flop = number_of(entry, "flop");
  point.bytes = number_of(entry, "bytes");
  point.intensity = number_of(entry, "intensity");
  point.flops = number_of(entry, "flops");
  point.roof_flops = number_of(entry, "roof_flops");
  point.share_of_roof = number_of(entry, "share_of_roof");
  point.seconds = range_of(entry, "seconds");
  point.interval = interval_of(object_of(entry, "seconds"), "interval");
  return point;
}

RooflineFact read_roofline(const Fields& section) {
  RooflineFact roofline;
  for (const Fields& entry : list_of(section, "bandwidths")) {
    roofline.bandwidths.push_back({text_of(entry, "level"), number_of(entry, "bytes"),
                                   range_of(entry, "read"), range_of(entry, "triad")});
  }
  for (const Fields& entry : list_of(section, "peaks")) {
    roofline.peaks.push_back(
        {text_of(entry, "isa"),
         text_of(entry, "dtype"),
         {number_of(entry, "lowest"), number_of(entry, "median"), number_of(entry, "highest"), {}}});
  }
  for (const Fields& entry : list_of(section, "points")) roofline.points.push_back(read_operation(entry));
  return roofline;
}

BoundaryFact read_boundary(const Fields& entry) {
  BoundaryFact plane;
  read_names(entry, plane);
  const std::vector<double> x = numbers_of(entry, "x"), y = numbers_of(entry, "y");
  const std::string name = " of the boundary of " + plane.experiment;
  require_length("x" + name, x.size(), 2);
  require_length("y" + name, y.size(), 2);
  plane.x_low = x[0], plane.x_high = x[1], plane.y_low = y[0], plane.y_high = y[1];
  plane.grid = count_of(entry, "grid", 0);
  if (plane.grid > kLargestGrid) throw BadField("the grid" + name + " is too fine");
  plane.test = rows_of(entry, "test");
  plane.train = rows_of(entry, "train");
  for (const auto* rows : {&plane.test, &plane.train}) {
    for (const std::vector<double>& row : *rows) require_length("a sample" + name, row.size(), 3);
  }
  plane.naive = numbers_of(entry, "naive");
  const Fields& fastest = object_of(entry, "fastest");
  plane.fastest_backend = text_of(fastest, "backend");
  plane.fastest = numbers_of(fastest, "probabilities");
  plane.difference = numbers_of(entry, "difference");
  plane.largest_difference = number_of(entry, "largest_difference");
  const std::size_t points = plane.grid * plane.grid;
  for (const auto* map : {&plane.naive, &plane.fastest, &plane.difference}) {
    if (!map->empty()) require_length("a map" + name, map->size(), points);
  }
  return plane;
}

}  // namespace

void read_sections(const Fields& json, Document& document) {
  for (const Fields& entry : list_of(json, "curves")) document.curves.push_back(read_curve(entry));
  for (const Fields& entry : list_of(json, "time_to_accuracy")) {
    document.time_to_accuracy.push_back(read_target(entry));
  }
  for (const Fields& entry : list_of(json, "scaling")) document.scaling.push_back(read_scaling(entry));
  if (const Fields& section = object_of(json, "roofline"); !section.empty()) {
    document.roofline = read_roofline(section);
  }
  for (const Fields& entry : list_of(json, "boundaries")) {
    document.boundaries.push_back(read_boundary(entry));
  }
}

}  // namespace mlpbench
