#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/matrix.h"
#include "support/error.h"

namespace mlpbench {

/// The error to throw about a column of a matrix, counted from 0.
using ColumnError = std::function<UserError(std::size_t column, std::string_view what)>;

/// Shifts and scales every column to mean 0 and variance 1. The bits are those of scikit-learn's
/// `StandardScaler` for a C-ordered float64 array of two columns or more. For one column, or Fortran order,
/// NumPy sums pairwise instead of row by row and scikit-learn differs in the last bits.
class StandardScaler {
 public:
  /// Measures the columns of X (samples x features), each sum from the first row to the last:
  ///   mean = sum x / n;  var = (sum (x - mean)^2 - (sum (x - mean))^2 / n) / n
  ///   scale = sqrt(var), or 1 for a column that is constant but for rounding:
  ///           var <= n eps var + (n mean eps)^2
  /// Throws std::invalid_argument when X has no rows, and what `error` returns when a column overflows or
  /// holds a NaN or infinity.
  static StandardScaler fit(MatrixView<const double> X, const ColumnError& error = unnamed_column);

  /// The same of rows that come block by block, twice in the same order: all to mean(), then all to
  /// variance(). The bits are those of fit().
  class Fit {
   public:
    explicit Fit(std::size_t features);
    void mean(MatrixView<const double> block);
    void variance(MatrixView<const double> block);
    StandardScaler finish(const ColumnError& error = unnamed_column) const;

   private:
    std::vector<double> sum_, mean_, residue_, squares_;
    double rows_ = 0.0;
  };

  /// X = (X - mean) / scale in place: subtracted, then divided, as scikit-learn does; a product with 1 /
  /// scale rounds otherwise. Throws std::invalid_argument when X has another number of columns than the
  /// fitted one.
  void transform(MatrixView<double> X) const;

  std::span<const double> mean() const noexcept { return mean_; }
  std::span<const double> variance() const noexcept { return variance_; }
  std::span<const double> scale() const noexcept { return scale_; }

 private:
  static UserError unnamed_column(std::size_t column, std::string_view what);
  explicit StandardScaler(std::size_t features) : mean_(features), variance_(features), scale_(features) {}

  std::vector<double> mean_, variance_, scale_;
};

/// Row numbers of a data set; every row is in exactly one of the two.
struct Split {
  std::vector<std::size_t> train_rows;
  std::vector<std::size_t> test_rows;
};

/// The rows of `sklearn.model_selection.train_test_split(..., test_size=test_fraction, random_state=seed)`.
/// Of RandomState(seed).permutation(samples) the first ceil(test_fraction * samples) are the test rows, the
/// others the training rows. Both keep the order of the permutation. Throws UserError when test_fraction is
/// not inside (0, 1) or no training row is left.
Split train_test_split(std::size_t samples, double test_fraction, std::uint32_t seed);

/// The folds of `sklearn.model_selection.KFold(folds, shuffle=True, random_state=seed)`: each row is a test
/// row of one of them. RandomState(seed) shuffles the rows; the first samples % folds test sets have one row
/// more; rows ascend. UserError unless 2 <= folds <= samples.
std::vector<Split> k_fold(std::size_t samples, std::size_t folds, std::uint32_t seed);

/// The same with each class in every fold equally often, one row more or less. These are the folds of
/// `StratifiedKFold(folds, shuffle=True, random_state=seed)` for these labels, which are below `classes`.
/// UserError also where no class has as many rows as there are folds.
std::vector<Split> stratified_k_fold(std::span<const std::size_t> labels, std::size_t classes,
                                     std::size_t folds, std::uint32_t seed);

}  // namespace mlpbench
