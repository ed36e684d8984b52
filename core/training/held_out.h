// What data that are not trained on decide of a run: where it ends, and which weights it keeps.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "core/data/dataset.h"

namespace mlpbench {

/// Where a run may end before its last epoch: after the first epoch whose weights meet it on held-out data.
struct Target {
  std::optional<double> loss;         ///< the network's loss, a mean over samples, is at most this
  std::optional<double> accuracy;     ///< accuracy() of core/metrics.h is at least this
  const Dataset* held_out = nullptr;  ///< required by the other two; with both, both must be met

  bool is_set() const noexcept { return loss.has_value() || accuracy.has_value(); }
};

/// What became of a Target.
struct TargetReport {
  bool met = false;
  std::size_t epochs = 0;                ///< until it was met, or all that there were
  double seconds = 0.0;                  ///< of training until then
  double seconds_with_evaluation = 0.0;  ///< the same with the evaluations on the clock
  /// On the held-out data, the last that was evaluated; NaN before the first.
  double loss = std::numeric_limits<double>::quiet_NaN();
  std::optional<double> accuracy;  ///< where it was asked for
};

/// Data that are not trained on. A run keeps the weights with the best loss on them. The loss is the
/// network's, a mean over samples without penalties, after each epoch. An epoch is the best so far when its
/// loss is below the best before it by more than min_delta. The run ends with the weights of the best epoch.
///   L. Prechelt: Early stopping - but when? In: Neural networks: tricks of the trade, 1998. min_delta and
///   patience as in Keras's EarlyStopping.
struct Validation {
  const Dataset* held_out = nullptr;    ///< null: none of this
  std::optional<std::size_t> patience;  ///< epochs without a new best one that end the run
  double min_delta = 0.0;
};

/// What became of a Validation.
struct ValidationReport {
  std::vector<double> loss_per_epoch;
  std::size_t best_epoch = 0;  ///< counted from 1; 0 before the first
  double best_loss = 0.0;
  bool stopped = false;  ///< by the patience
};

}  // namespace mlpbench
