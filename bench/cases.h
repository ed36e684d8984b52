#pragma once

#include <string>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

/// What to run: empty lists mean all.
struct Selection {
  std::vector<std::string> experiments;
  std::vector<std::string> backends;
  std::vector<std::string> dtypes;
};

/// One row of the comparison.
struct Case {
  const Experiment* experiment;
  const BackendEntry* backend;
  DType dtype;
  std::string unusable_reason;  ///< why the row has no numbers, or empty

  /// "breast_cancer/avx2/float64"
  std::string name() const;
};

/// The product of the selected experiments, precisions and backends, in the order of their lists; backends
/// that cannot run here are in it, with the reason. UserError for a name that does not exist.
std::vector<Case> select_cases(const Selection& selection);

}  // namespace mlpbench
