#pragma once

#include <string_view>

#include "core/activation.h"

namespace mlpbench {

/// What is known of a loss besides its formulas.
struct LossInfo {
  std::string_view name;
  std::string_view word;        ///< on command lines
  Activation canonical;         ///< the last activation with which dZ is delta()
  bool canonical_only = false;  ///< no other will do
  bool of_classes = false;      ///< targets are classes: 0 or 1, or shares of 1
};

enum class Loss;  // core/loss.h

/// The loss of one batch is the mean over its samples of the sum over the outputs of what core/losses says.
/// A logarithm never sees less than the smallest normal number of the precision. A saturated output
/// therefore costs about 708 (float64) or 87 (float32) instead of infinity or NaN. Where NumPy's formula is
/// finite the two agree.
///
/// The derivative that training uses is that of the loss, with two exceptions. The cross-entropies' leaves
/// out log_epsilon (`a - y`, as the notebooks do). The mean squared error's is that of HALF the loss (`(a -
/// y) act'`).
struct LossSpec {
  Loss kind{};               ///< binary cross-entropy
  double log_epsilon = 0.0;  ///< within the logarithms of the cross-entropies: the notebooks' 1e-8, or 0
  double huber_delta = 1.0;  ///< error from which on Huber's loss is linear
};

}  // namespace mlpbench
