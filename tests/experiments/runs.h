#pragma once

#include <string>
#include <string_view>

#include "experiments/experiment.h"

namespace mlpbench::test {

/// The problem of these settings, and one run of it.
struct Run {
  Problem problem;
  RunResult result;
};
Run run(const Experiment& experiment, const Settings& settings, const BackendEntry& backend, DType dtype);

/// How far from NumPy a number may be, relative to values above 1. Rounding alone moves numbers by a
/// thousandth of it in float64 and a fifth in float32.
double tolerance(DType dtype);

/// max |a - b| / max(1, |b|); infinite for NaN and for lists of different lengths.
double distance(const std::vector<double>& ours, const std::vector<double>& numpys);

/// Whether the accuracies agree: in float32 one sample may fall on the other side.
bool same_accuracy(double ours, double numpys, std::size_t samples, DType dtype);

}  // namespace mlpbench::test
