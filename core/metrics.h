#pragma once

#include <cstddef>
#include <vector>

#include "core/matrix.h"

namespace mlpbench {

// Both arguments of a metric are feature-major, (outputs x samples), as a backend leaves its activations. All
// of them throw std::invalid_argument when the shapes differ or there is no sample or no output.
//
// The class of a column: with one output 1 where it is > 0.5, else 0; with several the row of the largest,
// the first of equal ones (`numpy.argmax`; a NaN counts as largest there). Targets are read the same way: 0/1
// labels or one-hot.

/// The share of samples whose predicted class is the target's, in [0, 1].
double accuracy(MatrixView<const double> outputs, MatrixView<const double> targets);

/// counts[t][p]: how many samples of class t were predicted as p. (classes x classes), 2 x 2 for one output.
std::vector<std::vector<std::size_t>> confusion_matrix(MatrixView<const double> outputs,
                                                       MatrixView<const double> targets);

/// sum (outputs - targets)^2 / (outputs * samples), summed from left to right: `numpy.mean((outputs -
/// targets) ** 2)`, which sums pairwise and may differ in the last bits.
double mean_squared_error(MatrixView<const double> outputs, MatrixView<const double> targets);

}  // namespace mlpbench
