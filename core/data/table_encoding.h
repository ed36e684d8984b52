#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/data/csv.h"
#include "core/data/missing.h"
#include "core/data/preprocessing.h"
#include "core/matrix.h"

namespace mlpbench {

// From a table to features, in steps: read_csv() (and drop columns), usable_rows() (and drop rows), a split,
// learn_columns() from the training rows, encode(), learn_scaling(). Then encode() of other rows. Only the
// training rows influence TableEncoding.

/// What the user says about the columns.
struct ColumnRules {
  std::vector<std::string> categorical;  ///< names, or "@3": one-hot encoded
  MissingRule missing = MissingRule::refuse;
};

/// How one column of a table becomes features.
struct FeatureColumn {
  std::string name;
  bool categorical = false;

  /// Of a categorical column: the texts of its training rows, sorted by bytes. Each is a feature, 1 where
  /// the cell is that text, else 0. A text that is none of them, and a missing cell, are 0 in all of them.
  std::vector<std::string> levels = {};

  /// Of a column of numbers: stands for a missing cell, and feature = (number - mean) / scale.
  double fill = std::numeric_limits<double>::quiet_NaN();
  double mean = 0.0, scale = 1.0;

  std::size_t features() const noexcept { return categorical ? levels.size() : 1; }
};

/// All that was learned from the training rows, and all that other rows need to become the same features. It
/// is stored with a trained network.
struct TableEncoding {
  std::string target;
  MissingRule missing = MissingRule::refuse;
  std::vector<FeatureColumn> columns;    ///< in the order of the table, without the target
  std::vector<std::string> class_names;  ///< empty: a regression, of (target - target_mean) / target_scale
  double target_mean = 0.0, target_scale = 1.0;

  std::size_t features() const noexcept;
  std::vector<std::string> feature_names() const;  ///< "age", "sex=female", "sex=male"
};

/// Rows that can be used, in the order of the table.
struct UsableRows {
  std::vector<std::size_t> rows;
  std::vector<MissingCells> missing;  ///< of the features' columns that have missing cells
  std::size_t without_target = 0;     ///< rows left out because `has_target` is false
};

/// Reads every cell of every feature once. MissingRule::drop leaves out rows with a missing cell, and all
/// rules but refuse those where has_target is false. Throws UserError, with the option that helps, at the
/// first cell that is no number in a column of numbers. With MissingRule::refuse a missing one is an error
/// too. In a categorical column refuse rejects an empty cell, and every other text is a level. Throws
/// UserError for a categorical column that does not exist or is the target, and for a table without any other
/// column.
UsableRows usable_rows(const CsvTable& table, std::size_t target, const ColumnRules& rules,
                       const std::vector<bool>& has_target);

/// learn_columns() of training rows that come block by block. `table` is any block: it names the columns.
class ColumnLearner {
 public:
  ColumnLearner(const CsvTable& table, std::size_t target, const ColumnRules& rules);
  void add(const CsvTable& table, std::span<const std::size_t> rows);
  TableEncoding finish(const CsvTable& table);

 private:
  struct Column {
    std::size_t at = 0;
    bool categorical = false;
    std::set<std::string, std::less<>> levels = {};
    double sum = 0.0;  ///< of `count` numbers
    std::size_t count = 0;
    std::vector<double> values = {};  ///< of MissingRule::median alone
  };
  bool fills() const { return missing_ == MissingRule::mean || missing_ == MissingRule::median; }
  void add_level(const CsvTable& table, std::size_t row, Column& column);
  void add_value(const CsvTable& table, std::size_t row, Column& column);

  MissingRule missing_;
  std::size_t target_;
  std::vector<Column> columns_;
};

/// Names, levels and fills from the training rows; not yet mean and scale. Throws UserError for more than
/// kMaxCsvClasses levels of a column and, where a fill is needed, for a column without a value in these
/// rows.
TableEncoding learn_columns(const CsvTable& table, std::size_t target, const ColumnRules& rules,
                            std::span<const std::size_t> training_rows);

/// Cells that encode() found no feature for.
struct EncodedCells {
  std::size_t filled = 0;         ///< missing cells of columns of numbers
  std::size_t unseen = 0;         ///< texts that are no level of their column
  std::string first_unseen = "";  ///< "FILE: row R, column C (NAME)"
};

/// (rows.size() x encoding.features()). The table may be another file than the one that was learned from:
/// its columns are found by name. `cells` is added to. Throws UserError for a cell that usable_rows()
/// refuses and a column that is not there.
Matrix<double> encode(const TableEncoding& encoding, const CsvTable& table, std::span<const std::size_t> rows,
                      EncodedCells& cells);

/// Takes mean and scale of the columns of numbers from X, the training rows as encode() left them, and
/// scales X: StandardScaler (core/data/preprocessing.h). Features of categorical columns stay 0 and 1.
/// Throws UserError for a column without finite variance.
void learn_scaling(TableEncoding& encoding, const CsvTable& table, Matrix<double>& X);

/// The same of what was measured of all training rows, block by block.
void learn_scaling(TableEncoding& encoding, const CsvTable& table, const StandardScaler::Fit& fit);

}  // namespace mlpbench
