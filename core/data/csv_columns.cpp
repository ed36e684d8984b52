// The columns of a CSV file as numbers and as classes.

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/data/csv.h"
#include "support/text.h"

namespace mlpbench {

namespace {

/// From here on float64 no longer holds every whole number.
constexpr double kFirstInexact = 9007199254740992.0;

double number(const CsvTable& table, std::size_t row, std::size_t column) {
  double value = 0.0;
  const CellKind kind = table.read(row, column, value);
  if (kind != CellKind::number) throw not_a_number(table, row, column, kind);
  return value;
}

/// Why a label is no class by value: a NaN among numbers is a missing value.
std::optional<UserError> no_class_by_value(const CsvTable& table, std::size_t row, std::size_t column,
                                           CellKind kind, double value) {
  if (kind == CellKind::text) return std::nullopt;
  if (kind != CellKind::number) return not_a_number(table, row, column, kind);
  if (std::abs(value) < kFirstInexact || value != std::floor(value)) return std::nullopt;
  return table.error(row, column,
                     "'" + printable(table.cell(row, column)) +
                         "' is not below 2^53, from where float64 does not tell whole numbers apart; --task "
                         "multiclass takes all cells as class names");
}

}  // namespace

UserError not_a_number(const CsvTable& table, std::size_t row, std::size_t column, CellKind kind,
                       std::string_view hint) {
  const auto what = [&]() -> std::string {
    const std::string text = "'" + printable(table.cell(row, column)) + "'";
    switch (kind) {
      case CellKind::empty:
        return "the cell is empty";
      case CellKind::not_finite:
        return text + " is not finite";
      case CellKind::out_of_range:
        return text + " is out of the range of float64";
      default:
        return text + " is not a number";
    }
  };
  return table.error(row, column, what().append(hint));
}

std::vector<double> numeric_column(const CsvTable& table, std::size_t column,
                                   std::span<const std::size_t> rows) {
  std::vector<double> values;
  values.reserve(rows.size());
  for (const std::size_t row : rows) values.push_back(number(table, row, column));
  return values;
}

std::vector<double> numeric_column(const CsvTable& table, std::size_t column) {
  return numeric_column(table, column, all_rows(table.rows()));
}

Matrix<double> numeric_matrix(const CsvTable& table, std::size_t target) {
  if (table.columns() < 2) throw table.error(target, "the target is the only column: there are no features");
  Matrix<double> values(table.rows(), table.columns() - 1);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t j = 0; j < table.columns(); ++j) {
      if (j != target) values(row, j - (j > target)) = number(table, row, j);
    }
  }
  return values;
}

std::size_t LabelScan::add(const CsvTable& table, std::size_t row) {
  const std::string_view text = table.cell(row, column_);
  const auto [place, is_new] = numbers_.try_emplace(std::string(text), labels_.size());
  if (!is_new) return place->second;
  if (text.empty()) throw not_a_number(table, row, column_, CellKind::empty);
  if (labels_.size() == kMaxCsvClasses) {
    throw table.error(column_, "more than " + std::to_string(kMaxCsvClasses) + " different labels");
  }
  Label& label = labels_.emplace_back(Label{std::string(text)});
  label.kind = table.read(row, column_, label.value);
  label.no_class_by_value = no_class_by_value(table, row, column_, label.kind, label.value);
  return place->second;
}

std::vector<std::size_t> LabelScan::finish(const CsvTable& table, LabelRule rule, ClassLabels& result) const {
  const bool numeric = std::none_of(labels_.begin(), labels_.end(),
                                    [](const Label& label) { return label.kind == CellKind::text; });
  const bool by_value = numeric && rule == LabelRule::by_value;
  for (const Label& label : labels_) {
    if (by_value && label.no_class_by_value) throw *label.no_class_by_value;
  }
  const bool sorted_by_value = std::all_of(labels_.begin(), labels_.end(),
                                           [](const Label& label) { return label.kind == CellKind::number; });
  std::vector<std::size_t> order = all_rows(labels_.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Label &left = labels_[a], &right = labels_[b];
    if (sorted_by_value && left.value != right.value) return left.value < right.value;
    return by_value ? false : left.text < right.text;
  });

  std::vector<std::size_t> class_of(labels_.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Label& label = labels_[order[k]];
    const bool same_as_last = by_value && k > 0 && label.value == labels_[order[k - 1]].value;
    if (!same_as_last) result.names.emplace_back(label.text);
    if (same_as_last && !result.merged) result.merged.emplace(result.names.back(), label.text);
    class_of[order[k]] = result.names.size() - 1;
  }
  if (result.names.size() < 2) {
    throw table.error(column_, "only one class, '" + printable(result.names.front()) + "'; two are needed");
  }
  return class_of;
}

ClassLabels class_labels(const CsvTable& table, std::size_t column, std::span<const std::size_t> rows,
                         LabelRule rule) {
  ClassLabels result;
  LabelScan scan(column);
  for (const std::size_t row : rows) result.index.push_back(scan.add(table, row));
  const std::vector<std::size_t> class_of = scan.finish(table, rule, result);
  for (std::size_t& label : result.index) label = class_of[label];
  return result;
}

ClassLabels class_labels(const CsvTable& table, std::size_t column, LabelRule rule) {
  return class_labels(table, column, all_rows(table.rows()), rule);
}

}  // namespace mlpbench
