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
  Parity parity = {};
};

/// Fills the parity of all runs, which have the same settings. NumPy is the reference where the settings are
/// those of its program. An experiment without one is compared with naive in float64, which is trained where
/// it is not among the runs. A trainer that promises no numbers has no parity. Once `interrupt` became true,
/// parities say nothing.
void hold_to_reference(const Experiment& experiment, const Problem& problem, std::vector<BackendRun>& runs,
                       const std::atomic<bool>* interrupt = nullptr);

/// What quality_text() shows: "test accuracy", "training MSE".
std::string quality_title(const Problem& problem);

/// "99.12 %", or the mean squared error.
std::string quality_text(const RunResult& result);

/// A table with a row for every backend, and below it how to read it. All runs are of `problem`.
std::string comparison_text(const Problem& problem, const std::vector<BackendRun>& runs, DType dtype);

/// Throws WrongResult, naming backend and value, when a run left the tolerance around its reference. It is
/// 1e-12 in float64 and 2e-5 in float32 (naive_tolerance() where the reference is naive).
void require_reference(const std::vector<BackendRun>& runs);

}  // namespace mlpbench
