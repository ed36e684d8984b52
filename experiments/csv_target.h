#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/data/csv.h"
#include "core/data/missing.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// What the target column of a table is taken for.
struct TargetColumn {
  std::size_t column = 0;
  Task task = Task::binary;
  LabelRule labels = LabelRule::by_value;
  std::vector<bool> known = {};  ///< of each row: whether it has a target
};

/// look_at_target() of rows that come block by block, twice: all to look(), then all to known().
class TargetScan {
 public:
  TargetScan(std::size_t column, std::optional<Task> said, MissingRule missing)
      : column_(column), said_(said), missing_(missing) {}

  void look(const CsvTable& rows);
  std::vector<bool> known(const CsvTable& rows);
  TargetColumn finish() const;  ///< without `known`

  bool holds_numbers() const;

 private:
  std::size_t column_;
  std::optional<Task> said_;
  MissingRule missing_;
  std::size_t numbers_ = 0;
  std::optional<UserError> first_name_;  ///< the error that a name is where there are numbers
  std::size_t known_ = 0;                ///< rows
  std::set<double> values_;              ///< the first of the distinct ones
  std::set<std::string, std::less<>> names_;
};

/// Looks at every cell of the column.
///   - `said` multiclass: every cell is a name.
///   - Else a column without any number holds names ("INF" and "nan" among names are names):
///     two are binary, more are multiclass.
///   - Else it holds numbers: two different ones are binary; at most 20 whole ones, each on two rows on
///     average, are multiclass; others are a regression.
/// With a rule for missing cells, a row has no target where the cell is empty or, among numbers,
/// is_missing(). Throws UserError for an empty cell without such a rule, and for a cell that is no number
/// among numbers.
TargetColumn look_at_target(const CsvTable& table, std::size_t column, std::optional<Task> said,
                            MissingRule missing);

}  // namespace mlpbench
