// How fast the operations are, and how fast this machine could let them be.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "backends/operations/work.h"
#include "bench/probes/ceilings.h"
#include "bench/studies/setting.h"

namespace mlpbench {

/// An operation at one shape on one backend.
struct RooflinePoint {
  std::string operation;  ///< "dense_forward"
  std::string function;   ///< "relu", "softmax cross-entropy", "exp"; "-" where there is none
  std::string shape;      ///< UNITSxINPUTSxBATCH, OUTPUTSxBATCH, or a number of elements
  DType dtype = DType::float32;
  const BackendEntry* backend = nullptr;
  Work work;               ///< of one call
  double footprint = 0.0;  ///< bytes that a call touches

  std::function<std::string()> problem;  ///< compares one call with naive: why it is wrong, or empty
  std::function<void()> call;

  std::string wrong;            ///< what problem() said; such a point has no times
  std::string level;            ///< the fastest cache that holds the operands
  double bandwidth = 0.0;       ///< roof_bandwidth() of that level
  std::vector<double> seconds;  ///< of a call, one a round
  std::vector<double>
      peak;  ///< flop/s of the backend's instruction set, right before and after that round's calls
};

/// The most bytes a second that a level of memory gave in any trial of any probe: what takes time from a
/// probe is somebody else's work, so the best reading is the nearest to a limit.
double roof_bandwidth(const Bandwidth& level);

/// Which points: every operation of core/backend.h at a small, a middle and a wide shape, and two elementary
/// functions of the backends that have their own, for `backends` that can run here. `quick` leaves the wide
/// shapes out. The operands of a shape are made once.
std::vector<RooflinePoint> roofline_points(const std::vector<const BackendEntry*>& backends,
                                           const std::vector<DType>& dtypes, bool quick);

/// The roofs of one thread, as this process found them, and the points below.
struct Roofline {
  std::vector<Bandwidth> bandwidths;
  std::map<std::pair<Isa, DType>, std::vector<double>> peaks;  ///< flop/s, every reading of the run
  std::vector<RooflinePoint> points;
};

/// Checks every point, then times the right ones (StudySetting::measure()): a visit calls the operation for
/// about a millisecond, once where that takes longer, after one call that is not timed. The FMA peak is
/// probed right before and after each visit. Throws Interrupted between two visits.
Roofline measure_roofline(std::vector<RooflinePoint> points, const StudySetting& setting);

/// The least seconds that `work` can take: as long as its flop at `peak` flop/s, or its bytes at `bandwidth`
/// bytes/s, whichever is longer.
double least_seconds(const Work& work, double peak, double bandwidth);

/// {"bandwidths", "peaks", "points"}. A level of memory has its three probes and "roof", roof_bandwidth(). A
/// point has
///   intensity      flop a byte, 0 where the operation has no products (backends/operations/work.h counts nothing else)
///   flops          median flop/s, null where the intensity is 0; roof_flops the most that the roofs allow
///   share_of_roof  least_seconds() over the seconds of the same round, with that round's peak: the median.
///                  It has a value where flops has none: then it is the share of the bandwidth
nlohmann::ordered_json roofline_json(const Roofline& roofline);

}  // namespace mlpbench
