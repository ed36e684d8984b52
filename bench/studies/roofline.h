// How fast the operations are, and how fast this machine could let them be.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/probes/ceilings.h"
#include "bench/results/document.h"
#include "bench/studies/setting.h"

namespace mlpbench {

/// An operation at one shape on one backend.
struct RooflinePoint {
  OperationFact fact;  ///< without times
  Isa isa = Isa::baseline;
  DType dtype = DType::float32;
  double footprint = 0.0;  ///< bytes that a call touches

  std::function<std::string()> check = {};  ///< compares one call with naive: why it is wrong, or empty
  std::function<void()> call = {};
};

/// The most bytes a second that a level of memory gave in any trial of any probe: what takes time from a
/// probe is somebody else's work, so the best reading is the nearest to a limit.
double roof_bandwidth(const Bandwidth& level);

/// The least seconds that a call can take: as long as its `flop` at `peak` flop/s, or its `bytes` at
/// `bandwidth` bytes/s, whichever is longer.
double least_seconds(double flop, double bytes, double peak, double bandwidth);

/// The operations (backends/operations) at the shapes that the roofline times, on `backends` that can run
/// here. `quick` leaves the wide shapes out. The operands of a shape are made once.
std::vector<RooflinePoint> roofline_points(const std::vector<const BackendEntry*>& backends,
                                           const std::vector<DType>& dtypes, bool quick);

/// Checks every point, then times the right ones (StudySetting::measure()): a visit calls the operation for
/// about a millisecond, once where that takes longer, after one call that is not timed. The FMA peak is
/// probed right before and after each visit. A point's intensity is 0 where the operation has no products;
/// its share of the roof is least_seconds() over the seconds of the same round, with that round's peak.
/// Throws Interrupted between two visits.
RooflineFact measure_roofline(std::vector<RooflinePoint> points, const StudySetting& setting);

}  // namespace mlpbench
