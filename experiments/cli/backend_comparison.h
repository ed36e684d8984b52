#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

/// One backend's part in --backend all.
struct BackendRun {
  const BackendEntry* backend;
  std::optional<RunResult> result;  ///< empty where the backend cannot run here
};

/// What quality_text() shows: "test accuracy", "training MSE".
std::string quality_title(const Problem& problem);

/// "99.12 %", or the mean squared error.
std::string quality_text(const RunResult& result);

/// A table with a row for every backend, and below it how to read it. All runs are of `problem`.
std::string comparison_text(const Experiment& experiment, const Problem& problem,
                            const std::vector<BackendRun>& runs);

/// Throws WrongResult, naming backend and value, when a run left the tolerance around NumPy's numbers: 1e-12
/// in float64, 2e-5 in float32. Runs with other settings than the reference are not judged.
void require_reference(const Experiment& experiment, const std::vector<BackendRun>& runs);

}  // namespace mlpbench
