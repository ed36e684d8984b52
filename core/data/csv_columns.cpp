// The columns of a CSV file as numbers and as classes.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/data/csv.h"
#include "support/text.h"

namespace mlpbench {

namespace {

enum class Reading { kNumber, kEmpty, kText, kNotFinite, kOutOfRange };

Reading read_number(std::string_view text, double& value) {
  if (text.empty()) return Reading::kEmpty;
  // from_chars takes no '+'; without this check "+-1" would be -1.
  if (text.front() == '+' && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code == std::errc::invalid_argument || stop != end) return Reading::kText;
  if (code == std::errc::result_out_of_range) return Reading::kOutOfRange;
  return std::isfinite(value) ? Reading::kNumber : Reading::kNotFinite;
}

UserError not_a_number(const CsvTable& table, std::size_t row, std::size_t column, Reading reading) {
  const std::string text = "'" + printable(table.cell(row, column)) + "'";
  switch (reading) {
    case Reading::kEmpty:
      return table.error(row, column, "the cell is empty");
    case Reading::kNotFinite:
      return table.error(row, column, text + " is not finite");
    case Reading::kOutOfRange:
      return table.error(row, column, text + " is out of the range of float64");
    default:
      return table.error(row, column, text + " is not a number");
  }
}

double number(const CsvTable& table, std::size_t row, std::size_t column) {
  double value = 0.0;
  const Reading reading = read_number(table.cell(row, column), value);
  if (reading != Reading::kNumber) throw not_a_number(table, row, column, reading);
  return value;
}

struct Label {
  std::string_view text;
  std::size_t first_row;
  double value = 0.0;
  Reading reading = Reading::kText;
};

// The distinct texts of the column in order of appearance; index[row] says which one a row has.
std::vector<Label> distinct_labels(const CsvTable& table, std::size_t column,
                                   std::vector<std::size_t>& index) {
  std::vector<Label> labels;
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view text = table.cell(row, column);
    const auto [place, is_new] = seen.try_emplace(text, labels.size());
    index[row] = place->second;
    if (!is_new) continue;
    if (text.empty()) throw not_a_number(table, row, column, Reading::kEmpty);
    if (labels.size() == kMaxCsvClasses) {
      throw table.error(column, "more than " + std::to_string(kMaxCsvClasses) + " different labels");
    }
    Label& label = labels.emplace_back(Label{text, row});
    label.reading = read_number(text, label.value);
  }
  return labels;
}

}  // namespace

std::vector<double> numeric_column(const CsvTable& table, std::size_t column) {
  std::vector<double> values(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) values[row] = number(table, row, column);
  return values;
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

ClassLabels class_labels(const CsvTable& table, std::size_t column) {
  ClassLabels result{{}, std::vector<std::size_t>(table.rows())};
  const std::vector<Label> labels = distinct_labels(table, column, result.index);

  const bool numeric = std::none_of(labels.begin(), labels.end(),
                                    [](const Label& label) { return label.reading == Reading::kText; });
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (numeric) {
    // A NaN among numbers is a missing value, not a class.
    for (const Label& label : labels) {
      if (label.reading != Reading::kNumber)
        throw not_a_number(table, label.first_row, column, label.reading);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return labels[a].value < labels[b].value; });
  } else {
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return labels[a].text < labels[b].text; });
  }

  std::vector<std::size_t> class_of(labels.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const bool same_as_last = numeric && k > 0 && labels[order[k]].value == labels[order[k - 1]].value;
    if (!same_as_last) result.names.emplace_back(labels[order[k]].text);
    class_of[order[k]] = result.names.size() - 1;
  }
  if (result.names.size() < 2) {
    throw table.error(column, "only one class, '" + printable(result.names.front()) + "'; two are needed");
  }
  for (std::size_t& label : result.index) label = class_of[label];
  return result;
}

}  // namespace mlpbench
