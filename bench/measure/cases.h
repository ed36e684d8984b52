#pragma once

#include <string>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

/// What to run: empty lists mean all, but for the trainers.
struct Selection {
  std::vector<std::string> experiments;
  std::vector<std::string> backends;
  std::vector<std::string> dtypes;
  std::vector<std::string> trainers = {};  ///< also "own" (the experiment's) and "all"; empty means "own"
  std::vector<std::size_t> threads = {1};  ///< of the parallel trainers; the others have one
  std::string filter = {};                 ///< regular expression that a case's name must contain; empty: any
  std::vector<std::string> blas = {};      ///< libraries that are backends too (backends/blas_libraries.h)
};

/// One row of the comparison.
struct Case {
  const Experiment* experiment;
  const BackendEntry* backend;
  DType dtype;
  std::string unusable_reason;    ///< why the row has no numbers, or empty
  std::string_view trainer = {};  ///< a name of all_trainers(); empty: the experiment's own
  std::size_t threads = 1;

  std::string_view trainer_name() const { return trainer.empty() ? experiment->defaults.trainer : trainer; }

  /// The experiment's, with this trainer and these threads. An ensemble is one of the experiment's own
  /// trainer.
  Settings settings() const;

  /// "breast_cancer/avx2/float64"; after it "/sync" where the trainer is not the experiment's own, and "/t2"
  /// where there are more threads than one.
  std::string name() const;
};

/// The product of the selected experiments, trainers, threads, precisions and backends, in the order of their
/// lists, where the filter matches; backends that cannot run here are in it, with the reason. UserError for a
/// name that does not exist, a filter that is no regular expression, or one that leaves nothing.
std::vector<Case> select_cases(const Selection& selection);

}  // namespace mlpbench
