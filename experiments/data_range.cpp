#include "experiments/data_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/error.h"

namespace mlpbench {
namespace {

/// "FILE: row 7, column 2 (b)", or "test sample 3, feature 2", counted from 1.
std::string place_of(const Problem& problem, bool test, std::size_t sample, std::size_t feature) {
  const std::vector<std::size_t>& rows = test ? problem.test_rows : problem.train_rows;
  if (problem.place && sample < rows.size()) return problem.place(rows[sample], feature);
  return fmt::format("{} sample {}, feature {}", test ? "test" : "training", sample + 1, feature + 1);
}

}  // namespace

void require_representable(const Problem& problem, DType dtype) {
  const double most = dtype == DType::float32 ? double{std::numeric_limits<float>::max()}
                                              : std::numeric_limits<double>::max();
  for (const bool test : {false, true}) {
    const Matrix<double>& X = (test ? problem.test : problem.train).X;
    for (std::size_t i = 0; i < X.rows(); ++i) {
      const double* const sample = X.row(i);
      const double* const end = sample + X.cols();
      const double* const found = std::find_if(sample, end, [&](double x) { return !(std::abs(x) <= most); });
      if (found == end) continue;
      throw UserError(fmt::format("{}: is beyond {} once it is standardised ({:.6g})",
                                  place_of(problem, test, i, static_cast<std::size_t>(found - sample)),
                                  to_string(dtype), *found));
    }
  }
}

void require_finite_outputs(const Problem& problem, const RunResult& result) {
  const auto is_finite = [](double a) { return std::isfinite(a); };
  const Matrix<double>& outputs = result.test_output;
  for (std::size_t k = 0; k < outputs.rows(); ++k) {
    const double* const row = outputs.row(k);
    const double* const found = std::find_if_not(row, row + outputs.cols(), is_finite);
    if (found == row + outputs.cols()) continue;
    const auto& theta = result.parameters.all();
    if (!std::all_of(theta.begin(), theta.end(), is_finite)) {
      throw WrongResult("training diverged: an output of the trained network is not finite");
    }
    const auto sample = static_cast<std::size_t>(found - row);
    const double* const X = problem.test.X.row(sample);
    const auto larger = [](double a, double b) { return std::abs(a) < std::abs(b); };
    const auto largest =
        static_cast<std::size_t>(std::max_element(X, X + problem.test.features(), larger) - X);
    throw WrongResult(
        fmt::format("{}: with so large a value ({:.6g} standardised) the output is not finite in {}",
                    place_of(problem, true, sample, largest), X[largest], to_string(result.dtype)));
  }
}

}  // namespace mlpbench
