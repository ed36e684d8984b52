#include <memory>

#include "backends/operations/operands.h"
#include "bench/studies/roofline.h"

namespace mlpbench {
namespace {

template <typename T>
void add_points(const BackendEntry& entry, const Operation& operation, TimedBy at_least,
                std::vector<RooflinePoint>& all) {
  if (!operation.offered_by(entry.get<T>())) return;
  for (const auto& [spec, by] : operation.timed) {
    if (by < at_least) continue;
    const auto run = std::make_shared<OperationRun<T>>(operation, spec, entry.get<T>());
    all.push_back({.operation = std::string(operation.name),
                   .function = operation.function_of(spec),
                   .shape = operation.shape_of(spec),
                   .dtype = sizeof(T) == sizeof(float) ? DType::float32 : DType::float64,
                   .backend = &entry,
                   .work = operation.work(spec, sizeof(T)),
                   .footprint = operation.footprint(spec, sizeof(T)),
                   .problem = [run] { return run->check(); },
                   .call = [run] { (*run)(); },
                   .wrong = {},
                   .level = {},
                   .bandwidth = 0.0,
                   .seconds = {},
                   .peak = {}});
  }
}

}  // namespace

std::vector<RooflinePoint> roofline_points(const std::vector<const BackendEntry*>& backends,
                                           const std::vector<DType>& dtypes, bool quick) {
  const TimedBy at_least = quick ? TimedBy::rows_and_quick_roofline : TimedBy::rows_and_roofline;
  std::vector<RooflinePoint> all;
  for (const DType dtype : dtypes) {
    for (const BackendEntry* backend : backends) {
      for (const Operation& operation : operations()) {
        (dtype == DType::float32 ? add_points<float> : add_points<double>)(*backend, operation, at_least,
                                                                           all);
      }
    }
  }
  return all;
}

}  // namespace mlpbench
