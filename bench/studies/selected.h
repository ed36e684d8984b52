#pragma once

#include <string>
#include <vector>

#include "bench/measure/comparison.h"

namespace mlpbench {

/// What the comparison selected: each once, in its order.
struct Selected {
  std::vector<const Experiment*> experiments;
  std::vector<const BackendEntry*> backends;  ///< that can run here
  std::vector<DType> dtypes;
  std::vector<std::string> trainers;      ///< empty: each experiment's own
  const BackendEntry* fastest = nullptr;  ///< the first without a wrong case; null when there is none

  /// Of curves, times to accuracy and scaling: float32, unless only float64 was selected.
  DType study_dtype() const;
};

Selected selected_by(const Comparison& comparison);

}  // namespace mlpbench
