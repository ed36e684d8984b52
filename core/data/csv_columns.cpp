// The columns of a CSV file as numbers and as classes.

#include <algorithm>
#include <cmath>
#include <unordered_map>
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

struct Label {
  std::string_view text;
  std::size_t first_row;
  double value = 0.0;
  CellKind kind = CellKind::text;
};

/// The distinct texts of the column in order of appearance; index[i] says which one rows[i] has.
std::vector<Label> distinct_labels(const CsvTable& table, std::size_t column,
                                   std::span<const std::size_t> rows, std::vector<std::size_t>& index) {
  std::vector<Label> labels;
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string_view text = table.cell(rows[i], column);
    const auto [place, is_new] = seen.try_emplace(text, labels.size());
    index[i] = place->second;
    if (!is_new) continue;
    if (text.empty()) throw not_a_number(table, rows[i], column, CellKind::empty);
    if (labels.size() == kMaxCsvClasses) {
      throw table.error(column, "more than " + std::to_string(kMaxCsvClasses) + " different labels");
    }
    Label& label = labels.emplace_back(Label{text, rows[i]});
    label.kind = table.read(rows[i], column, label.value);
  }
  return labels;
}

/// A NaN among numbers is a missing value, not a class.
void require_values(const CsvTable& table, std::size_t column, const std::vector<Label>& labels) {
  for (const Label& label : labels) {
    if (label.kind != CellKind::number) throw not_a_number(table, label.first_row, column, label.kind);
    if (std::abs(label.value) < kFirstInexact || label.value != std::floor(label.value)) continue;
    throw table.error(label.first_row, column,
                      "'" + printable(label.text) +
                          "' is not below 2^53, from where float64 does not tell whole numbers apart; --task "
                          "multiclass takes all cells as class names");
  }
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

ClassLabels class_labels(const CsvTable& table, std::size_t column, std::span<const std::size_t> rows,
                         LabelRule rule) {
  ClassLabels result{{}, std::vector<std::size_t>(rows.size())};
  const std::vector<Label> labels = distinct_labels(table, column, rows, result.index);

  const bool numeric = std::none_of(labels.begin(), labels.end(),
                                    [](const Label& label) { return label.kind == CellKind::text; });
  const bool by_value = numeric && rule == LabelRule::by_value;
  if (by_value) require_values(table, column, labels);
  const bool sorted_by_value = std::all_of(labels.begin(), labels.end(),
                                           [](const Label& label) { return label.kind == CellKind::number; });
  std::vector<std::size_t> order = all_rows(labels.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Label &left = labels[a], &right = labels[b];
    if (sorted_by_value && left.value != right.value) return left.value < right.value;
    return by_value ? false : left.text < right.text;
  });

  std::vector<std::size_t> class_of(labels.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Label& label = labels[order[k]];
    const bool same_as_last = by_value && k > 0 && label.value == labels[order[k - 1]].value;
    if (!same_as_last) result.names.emplace_back(label.text);
    if (same_as_last && !result.merged) result.merged.emplace(result.names.back(), label.text);
    class_of[order[k]] = result.names.size() - 1;
  }
  if (result.names.size() < 2) {
    throw table.error(column, "only one class, '" + printable(result.names.front()) + "'; two are needed");
  }
  for (std::size_t& label : result.index) label = class_of[label];
  return result;
}

ClassLabels class_labels(const CsvTable& table, std::size_t column, LabelRule rule) {
  return class_labels(table, column, all_rows(table.rows()), rule);
}

}  // namespace mlpbench
