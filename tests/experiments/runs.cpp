#include "tests/experiments/runs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace mlpbench::test {

Run run(const Experiment& experiment, const Settings& settings, const BackendEntry& backend, DType dtype) {
  Problem problem = experiment.build(settings);
  RunResult result = run_experiment(experiment, problem, settings, backend, dtype);
  return {std::move(problem), std::move(result)};
}

double tolerance(DType dtype) { return dtype == DType::float32 ? 2e-5 : 1e-12; }

double distance(const std::vector<double>& ours, const std::vector<double>& numpys) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (ours.size() != numpys.size()) return kInfinite;
  double largest = 0.0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double one = std::abs(ours[i] - numpys[i]) / std::max(1.0, std::abs(numpys[i]));
    if (!(one <= largest)) largest = std::isnan(one) ? kInfinite : one;
  }
  return largest;
}

bool same_accuracy(double ours, double numpys, std::size_t samples, DType dtype) {
  const double moved = std::abs(ours - numpys) * static_cast<double>(samples);
  return moved <= (dtype == DType::float32 ? 1.0 : 0.0) + 1e-6;
}

}  // namespace mlpbench::test
