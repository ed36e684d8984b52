#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "core/data/targets.h"
#include "core/matrix.h"

namespace mlpbench {

/// The class of a column of outputs, (outputs x samples). With one output it is 1 where that is > 0.5, else
/// 0. With several it is the row of the largest, the first of equal ones (`numpy.argmax`; a NaN counts as
/// largest there).
template <typename T>
std::size_t class_of(MatrixView<const T> outputs, std::size_t sample) noexcept {
  if (outputs.rows == 1) return outputs(0, sample) > T{0.5} ? 1 : 0;
  std::size_t best = 0;
  for (std::size_t i = 1; i < outputs.rows && !std::isnan(outputs(best, sample)); ++i) {
    if (!(outputs(i, sample) <= outputs(best, sample))) best = i;
  }
  return best;
}

// The outputs are feature-major, (outputs x samples), as a backend leaves its activations, and the targets
// sample-major. Targets that are numbers are read as outputs are: 0/1 labels, or the largest of a row. All
// throw std::invalid_argument when the shapes differ or there is no sample or no output.

/// The share of samples whose predicted class is the target's, in [0, 1].
double accuracy(MatrixView<const double> outputs, const Targets& targets);

/// counts[t][p]: how many samples of class t were predicted as p. (classes x classes), 2 x 2 for one output.
std::vector<std::vector<std::size_t>> confusion_matrix(MatrixView<const double> outputs,
                                                       const Targets& targets);

/// sum (outputs - targets)^2 / (outputs * samples), summed from left to right: `numpy.mean((outputs -
/// targets) ** 2)`, which sums pairwise and may differ in the last bits.
double mean_squared_error(MatrixView<const double> outputs, const Targets& targets);

}  // namespace mlpbench
