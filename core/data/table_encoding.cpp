#include "core/data/table_encoding.h"

#include <algorithm>
#include <unordered_map>

#include "core/data/preprocessing.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// Which columns of the table are categorical.
std::vector<bool> categorical_columns(const CsvTable& table, std::size_t target, const ColumnRules& rules) {
  std::vector<bool> categorical(table.columns());
  for (const std::string& name : rules.categorical) {
    const std::size_t j = table.column(name);
    if (j == target) throw table.error(j, "--categorical: is the target");
    categorical[j] = true;
  }
  return categorical;
}

bool is_left_out(CellKind kind, std::string_view cell) {
  return kind != CellKind::number && is_missing(cell);
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2.0;
}

/// Writes one column of the table into X, whose column `first` is its first feature.
class ColumnEncoder {
 public:
  ColumnEncoder(const FeatureColumn& column, const CsvTable& table, std::size_t at, MissingRule missing,
                std::size_t first)
      : column_(column), table_(table), at_(at), missing_(missing), first_(first) {
    for (const std::string& level : column.levels) levels_.try_emplace(level, levels_.size());
  }

  void operator()(std::size_t row, double* features, EncodedCells& cells) const {
    features += first_;
    if (column_.categorical) {
      encode_text(row, features, cells);
    } else {
      *features = (number(row, cells) - column_.mean) / column_.scale;
    }
  }

 private:
  void encode_text(std::size_t row, double* features, EncodedCells& cells) const {
    const std::string_view cell = table_.cell(row, at_);
    const auto level = levels_.find(cell);
    if (level != levels_.end()) {
      features[level->second] = 1.0;
    } else if (missing_ == MissingRule::refuse || !is_missing(cell)) {
      if (cells.unseen++ == 0) cells.first_unseen = table_.place(row, at_);
    }
  }

  double number(std::size_t row, EncodedCells& cells) const {
    double value = 0.0;
    const CellKind kind = table_.read(row, at_, value);
    if (kind == CellKind::number) return value;
    const bool filled = missing_ == MissingRule::mean || missing_ == MissingRule::median;
    if (!filled || !is_left_out(kind, table_.cell(row, at_))) throw not_a_feature(table_, row, at_, kind);
    ++cells.filled;
    return column_.fill;
  }

  const FeatureColumn& column_;
  const CsvTable& table_;
  std::size_t at_;
  MissingRule missing_;
  std::size_t first_;
  std::unordered_map<std::string_view, std::size_t> levels_;
};

}  // namespace

std::size_t TableEncoding::features() const noexcept {
  std::size_t count = 0;
  for (const FeatureColumn& column : columns) count += column.features();
  return count;
}

std::vector<std::string> TableEncoding::feature_names() const {
  std::vector<std::string> names;
  for (const FeatureColumn& column : columns) {
    if (!column.categorical) names.push_back(column.name);
    for (const std::string& level : column.levels) names.push_back(column.name + "=" + level);
  }
  return names;
}

UsableRows usable_rows(const CsvTable& table, std::size_t target, const ColumnRules& rules,
                       const std::vector<bool>& has_target) {
  if (table.columns() < 2) throw table.error(target, "the target is the only column: there are no features");
  const std::vector<bool> categorical = categorical_columns(table, target, rules);
  std::vector<std::size_t> missing(table.columns());
  UsableRows usable;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    bool complete = true;
    for (std::size_t j = 0; j < table.columns(); ++j) {
      if (j == target) continue;
      double value = 0.0;
      const std::string_view cell = table.cell(row, j);
      const CellKind kind =
          categorical[j] ? (cell.empty() ? CellKind::empty : CellKind::text) : table.read(row, j, value);
      const bool left_out = rules.missing != MissingRule::refuse && is_left_out(kind, cell);
      const bool taken = categorical[j] ? kind != CellKind::empty : kind == CellKind::number;
      if (!taken && !left_out) throw not_a_feature(table, row, j, kind);
      missing[j] += left_out;
      complete = complete && !left_out;
    }
    usable.without_target += !has_target[row];
    if (has_target[row] && (complete || rules.missing != MissingRule::drop)) usable.rows.push_back(row);
  }
  for (std::size_t j = 0; j < table.columns(); ++j) {
    if (missing[j] > 0) usable.missing.push_back({table.name(j), missing[j]});
  }
  return usable;
}

ColumnLearner::ColumnLearner(const CsvTable& table, std::size_t target, const ColumnRules& rules)
    : missing_(rules.missing), target_(target) {
  const std::vector<bool> categorical = categorical_columns(table, target, rules);
  for (std::size_t j = 0; j < table.columns(); ++j) {
    if (j != target) columns_.push_back(Column{j, categorical[j]});
  }
}

void ColumnLearner::add(const CsvTable& table, std::span<const std::size_t> rows) {
  for (Column& column : columns_) {
    for (const std::size_t row : rows) {
      if (column.categorical) {
        add_level(table, row, column);
      } else if (fills()) {
        add_value(table, row, column);
      }
    }
  }
}

void ColumnLearner::add_level(const CsvTable& table, std::size_t row, Column& column) {
  const std::string_view cell = table.cell(row, column.at);
  if (missing_ != MissingRule::refuse && is_missing(cell)) return;
  if (column.levels.contains(cell)) return;
  column.levels.emplace(cell);
  if (column.levels.size() > kMaxCsvClasses) {
    throw table.error(column.at, "--categorical: more than " + std::to_string(kMaxCsvClasses) +
                                     " different texts; --drop " + table.option_value(column.at) +
                                     " leaves the column out");
  }
}

void ColumnLearner::add_value(const CsvTable& table, std::size_t row, Column& column) {
  double value = 0.0;
  if (table.read(row, column.at, value) != CellKind::number) return;
  ++column.count;
  column.sum += value;
  if (missing_ == MissingRule::median) column.values.push_back(value);
}

TableEncoding ColumnLearner::finish(const CsvTable& table) {
  TableEncoding encoding{
      .target = table.name(target_), .missing = missing_, .columns = {}, .class_names = {}};
  for (Column& column : columns_) {
    FeatureColumn& feature =
        encoding.columns.emplace_back(FeatureColumn{table.name(column.at), column.categorical});
    feature.levels.assign(column.levels.begin(), column.levels.end());
    if (column.categorical || !fills()) continue;
    if (column.count == 0) {
      throw table.error(column.at, "no training row has a value; --drop " + table.option_value(column.at) +
                                       " leaves the column out");
    }
    feature.fill = missing_ == MissingRule::median ? median(column.values)
                                                   : column.sum / static_cast<double>(column.count);
  }
  return encoding;
}

TableEncoding learn_columns(const CsvTable& table, std::size_t target, const ColumnRules& rules,
                            std::span<const std::size_t> training_rows) {
  ColumnLearner learner(table, target, rules);
  learner.add(table, training_rows);
  return learner.finish(table);
}

Matrix<double> encode(const TableEncoding& encoding, const CsvTable& table, std::span<const std::size_t> rows,
                      EncodedCells& cells) {
  std::vector<ColumnEncoder> columns;
  std::size_t first = 0, next = 0;
  for (const FeatureColumn& column : encoding.columns) {
    // Mostly the one after the last, or, behind the target, after that: looking for each from the start
    // would take seconds for 100,000 columns.
    while (next < table.columns() && table.name(next) == encoding.target) ++next;
    const bool in_order = next < table.columns() && table.name(next) == column.name;
    const std::size_t at = in_order ? next : table.column(column.name);
    columns.emplace_back(column, table, at, encoding.missing, first);
    first += column.features();
    next = at + 1;
  }
  Matrix<double> X(rows.size(), first);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const ColumnEncoder& column : columns) column(rows[i], X.row(i), cells);
  }
  return X;
}

void learn_scaling(TableEncoding& encoding, const CsvTable& table, const StandardScaler::Fit& fit) {
  std::vector<FeatureColumn*> column_of;  // of a feature; null: of a categorical column
  for (FeatureColumn& column : encoding.columns) {
    column_of.insert(column_of.end(), column.features(), column.categorical ? nullptr : &column);
  }
  const StandardScaler scaler = fit.finish([&](std::size_t feature, std::string_view what) {
    return table.error(table.column(column_of[feature]->name), what);
  });
  for (std::size_t j = 0; j < column_of.size(); ++j) {
    if (column_of[j] == nullptr) continue;
    column_of[j]->mean = scaler.mean()[j];
    column_of[j]->scale = scaler.scale()[j];
  }
}

void learn_scaling(TableEncoding& encoding, const CsvTable& table, Matrix<double>& X) {
  StandardScaler::Fit fit(X.cols());
  fit.mean(X.view());
  fit.variance(X.view());
  learn_scaling(encoding, table, fit);
  std::size_t j = 0;
  for (const FeatureColumn& column : encoding.columns) {
    for (std::size_t i = 0; i < X.rows() && !column.categorical; ++i)
      X(i, j) = (X(i, j) - column.mean) / column.scale;
    j += column.features();
  }
}

}  // namespace mlpbench
