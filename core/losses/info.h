#pragma once

#include <string_view>

#include "core/activation.h"

namespace mlpbench {

/// What is known of a loss besides its formulas.
struct LossInfo {
  std::string_view name;
  std::string_view word;        ///< on command lines
  Activation canonical;         ///< the last activation with which dZ is delta()
  bool canonical_only = false;  ///< no other will do, and targets are classes: 0 or 1
};

}  // namespace mlpbench
