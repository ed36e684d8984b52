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
  Fit fit(X.cols);
  fit.mean(X);
  fit.variance(X);
  return fit.finish(error);
}

StandardScaler::Fit::Fit(std::size_t features) : sum_(features), residue_(features), squares_(features) {}

void StandardScaler::Fit::mean(MatrixView<const double> block) {
  for (std::size_t i = 0; i < block.rows; ++i) {
    for (std::size_t j = 0; j < block.cols; ++j) sum_[j] += block(i, j);
  }
  rows_ += static_cast<double>(block.rows);
}

void StandardScaler::Fit::variance(MatrixView<const double> block) {
  if (mean_.empty()) {
    for (const double sum : sum_) mean_.push_back(sum / rows_);
  }
  // The sum of distances would be zero without rounding; its square over n takes most of the mean's error
  // back out.
  for (std::size_t i = 0; i < block.rows; ++i) {
    for (std::size_t j = 0; j < block.cols; ++j) {
      const double distance = block(i, j) - mean_[j];
      residue_[j] += distance;
      squares_[j] += distance * distance;
    }
  }
}

StandardScaler StandardScaler::Fit::finish(const ColumnError& error) const {
  StandardScaler scaler(sum_.size());
  scaler.mean_ = mean_;
  const double n = rows_;
  for (std::size_t j = 0; j < sum_.size(); ++j) {
    constexpr double kEps = std::numeric_limits<double>::epsilon();
    double& variance = scaler.variance_[j];
    variance = (squares_[j] - residue_[j] * residue_[j] / n) / n;
    if (!std::isfinite(variance)) {
      throw error(j, "has no finite variance (values too large, infinite or NaN)");
    }
    const double rounding = n * mean_[j] * kEps;
    const bool constant = variance <= n * kEps * variance + rounding * rounding;
    scaler.scale_[j] = constant ? 1.0 : std::sqrt(variance);
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

namespace {

void require_folds(std::size_t folds, std::size_t samples) {
  if (folds >= 2 && folds <= samples) return;
  throw UserError("--folds " + std::to_string(folds) + ": must lie between 2 and the number of rows, " +
                  std::to_string(samples));
}

/// One split a fold, from the fold of each row.
std::vector<Split> splits_of(std::span<const std::size_t> fold_of_row, std::size_t folds) {
  std::vector<Split> splits(folds);
  for (std::size_t row = 0; row < fold_of_row.size(); ++row) {
    for (std::size_t fold = 0; fold < folds; ++fold)
      (fold == fold_of_row[row] ? splits[fold].test_rows : splits[fold].train_rows).push_back(row);
  }
  return splits;
}

}  // namespace

std::vector<Split> k_fold(std::size_t samples, std::size_t folds, std::uint32_t seed) {
  require_folds(folds, samples);
  const std::vector<std::size_t> order = RandomState(seed).permutation(samples);
  std::vector<std::size_t> fold_of_row(samples);
  for (std::size_t fold = 0, next = 0; fold < folds; ++fold) {
    const std::size_t size = samples / folds + (fold < samples % folds ? 1 : 0);
    for (const std::size_t end = next + size; next < end; ++next) fold_of_row[order[next]] = fold;
  }
  return splits_of(fold_of_row, folds);
}

std::vector<Split> stratified_k_fold(std::span<const std::size_t> labels, std::size_t classes,
                                     std::size_t folds, std::uint32_t seed) {
  require_folds(folds, labels.size());
  // scikit-learn numbers the classes by their first rows, and shares out each class in that order.
  std::vector<std::vector<std::size_t>> rows_of_class(classes);
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    std::vector<std::size_t>& rows = rows_of_class.at(labels[row]);
    if (rows.empty()) order.push_back(labels[row]);
    rows.push_back(row);
  }
  const auto most = std::max_element(rows_of_class.begin(), rows_of_class.end(),
                                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
  if (most->size() < folds) {
    throw UserError("--folds " + std::to_string(folds) + ": no class has so many rows; the largest has " +
                    std::to_string(most->size()));
  }
  RandomState random(seed);
  std::vector<std::size_t> fold_of_row(labels.size());
  std::size_t sorted = 0;  // place in the list of all rows sorted by class: dealt to the folds in turn
  for (const std::size_t label : order) {
    const std::vector<std::size_t>& rows = rows_of_class[label];
    std::vector<std::size_t> dealt;
    for (std::size_t i = 0; i < rows.size(); ++i) dealt.push_back((sorted + i) % folds);
    std::sort(dealt.begin(), dealt.end());
    random.shuffle(dealt);
    for (std::size_t i = 0; i < rows.size(); ++i) fold_of_row[rows[i]] = dealt[i];
    sorted += rows.size();
  }
  return splits_of(fold_of_row, folds);
}

}  // namespace mlpbench
