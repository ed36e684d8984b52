#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "bench/measure/cases.h"
#include "bench/measure/comparison.h"
#include "bench/studies/setting.h"

namespace mlpbench {

/// What `mlpbench run` was asked for, checked.
struct RunOptions {
  Selection selection;
  MeasureOptions measure;
  std::size_t seeds = 10;            ///< of what is learned: runs of an experiment with other random numbers
  std::vector<std::string> studies;  ///< names of study_names(), in that order
  bool quick = false;                ///< at most 12 rounds of short runs, and fewer seeds
  std::string command;               ///< the command line as it was typed, without --output
  std::string config;                ///< TOML that selects and measures the same: what --print-config prints

  /// Becomes true when the user wants the run to end. May be null.
  const std::atomic<bool>* interrupt = nullptr;

  /// Of the studies; they tell nothing yet.
  StudySetting study_setting() const {
    return {.seeds = seeds,
            .quick = quick,
            .rounds = measure.rounds,
            .precision = measure.precision,
            .interrupt = interrupt};
  }

  bool interrupted() const { return interrupt != nullptr && interrupt->load(std::memory_order_relaxed); }
};

}  // namespace mlpbench
