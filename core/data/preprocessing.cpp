#include "core/data/preprocessing.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "core/data/random_state.h"
#include "support/error.h"
#include "support/format.h"

namespace mlpbench {

UserError StandardScaler::unnamed_column(std::size_t column, std::string_view what) {
  return UserError("standardisation: column " + std::to_string(column + 1) + " " + std::string(what));
}

StandardScaler StandardScaler::fit(MatrixView<const double> X, const ColumnError& error) {
  if (X.rows == 0) throw std::invalid_argument("StandardScaler::fit: no rows");
  const auto n = static_cast<double>(X.rows);
  StandardScaler scaler(X.cols);
  std::vector<double>& mean = scaler.mean_;
  std::vector<double>& variance = scaler.variance_;

  for (std::size_t i = 0; i < X.rows; ++i) {
    for (std::size_t j = 0; j < X.cols; ++j) mean[j] += X(i, j);
  }
  for (double& value : mean) value /= n;

  // The second sum would be zero without rounding; its square over n takes most of the mean's error back out.
  std::vector<double> residue(X.cols);
  for (std::size_t i = 0; i < X.rows; ++i) {
    for (std::size_t j = 0; j < X.cols; ++j) {
      const double distance = X(i, j) - mean[j];
      residue[j] += distance;
      variance[j] += distance * distance;
    }
  }
  for (std::size_t j = 0; j < X.cols; ++j) {
    constexpr double kEps = std::numeric_limits<double>::epsilon();
    variance[j] = (variance[j] - residue[j] * residue[j] / n) / n;
    if (!std::isfinite(variance[j])) {
      throw error(j, "has no finite variance (values too large, infinite or NaN)");
    }
    const double rounding = n * mean[j] * kEps;
    const bool constant = variance[j] <= n * kEps * variance[j] + rounding * rounding;
    scaler.scale_[j] = constant ? 1.0 : std::sqrt(variance[j]);
  }
  return scaler;
}

void StandardScaler::transform(MatrixView<double> X) const {
  if (X.cols != mean_.size())
    throw std::invalid_argument("StandardScaler::transform: wrong number of columns");
  for (std::size_t i = 0; i < X.rows; ++i) {
    for (std::size_t j = 0; j < X.cols; ++j) X(i, j) = (X(i, j) - mean_[j]) / scale_[j];
  }
}

Split train_test_split(std::size_t samples, double test_fraction, std::uint32_t seed) {
  if (!(test_fraction > 0.0 && test_fraction < 1.0)) {
    throw UserError("train-test split: the test fraction must lie between 0 and 1, both excluded");
  }
  const auto tests = static_cast<std::size_t>(std::ceil(test_fraction * static_cast<double>(samples)));
  if (tests >= samples) {
    throw UserError("train-test split: " + format_count(samples, "sample") +
                    (samples == 1 ? " leaves" : " leave") + " no training sample");
  }
  const std::vector<std::size_t> order = RandomState(seed).permutation(samples);
  const auto border = order.begin() + static_cast<std::ptrdiff_t>(tests);
  return {{border, order.end()}, {order.begin(), border}};
}

Matrix<double> one_hot(std::span<const std::size_t> labels, std::size_t classes) {
  Matrix<double> encoded(labels.size(), classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= classes) throw std::out_of_range("one_hot: a label is not below the number of classes");
    encoded(i, labels[i]) = 1.0;
  }
  return encoded;
}

}  // namespace mlpbench
