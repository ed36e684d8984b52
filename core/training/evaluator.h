#pragma once

#include <algorithm>
#include <cstddef>

#include "core/backend.h"
#include "core/data/dataset.h"
#include "core/training/batch.h"

namespace mlpbench {

struct Evaluation {
  double loss = 0.0;      ///< LossSpec's, the mean over the samples
  double accuracy = 0.0;  ///< accuracy() of core/metrics.h
};

/// Judges weights on one set of data, again and again: all memory is planned once.
template <typename T>
class Evaluator {
 public:
  /// `data` must outlive the object and have at least one sample. `interrupt` may be null.
  Evaluator(const Backend<T>& backend, const NetworkSpec& network, const Dataset& data,
            const std::atomic<bool>* interrupt = nullptr);

  /// `with_accuracy` false leaves the accuracy 0. Loss NaN once `interrupt` became true meanwhile.
  Evaluation operator()(const Parameters<T>& theta, bool with_accuracy) noexcept;

 private:
  const Backend<T>& backend_;
  const NetworkSpec& network_;
  const Dataset& data_;
  Workspace<T> workspace_;
  Batch<T> batch_;
};

}  // namespace mlpbench
