#include "experiments/csv_target.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "support/error.h"

namespace mlpbench {
namespace {

/// Whole numbers up to this many different ones are taken for classes.
constexpr std::size_t kMaxNumberedClasses = 20;

constexpr const char* kDropHint = "; --missing drop leaves such rows out";
constexpr const char* kNamesHint = "; --task multiclass takes all cells as class names";

bool is_number(CellKind kind) { return kind == CellKind::number || kind == CellKind::out_of_range; }

/// Whether the column is one of numbers. A mixture with names is an error where nobody has said what it is.
bool holds_numbers(const CsvTable& table, std::size_t column, std::optional<Task> said, MissingRule missing) {
  if (said == Task::multiclass) return false;
  if (said == Task::regression) return true;
  std::size_t numbers = 0;
  std::optional<std::size_t> first_name;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    double value = 0.0;
    const CellKind kind = table.read(row, column, value);
    numbers += is_number(kind);
    const bool marker = missing != MissingRule::refuse && is_missing(table.cell(row, column));
    if (kind == CellKind::text && !marker && !first_name) first_name = row;
  }
  if (numbers == 0 || !first_name) return numbers > 0;
  if (said) return false;
  const bool marker = is_missing(table.cell(*first_name, column));
  throw not_a_number(table, *first_name, column, CellKind::text,
                     std::string(kNamesHint) + (marker ? ", --missing drop leaves such rows out" : ""));
}

std::vector<bool> known_targets(const CsvTable& table, std::size_t column, bool numbers,
                                MissingRule missing) {
  std::vector<bool> known(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column);
    double value = 0.0;
    const CellKind kind = table.read(row, column, value);
    const bool marker = numbers ? kind != CellKind::number && is_missing(cell) : cell.empty();
    known[row] = !marker || missing == MissingRule::refuse;
    if (!known[row]) continue;
    if (cell.empty()) throw not_a_number(table, row, column, CellKind::empty, kDropHint);
    if (numbers && kind != CellKind::number) {
      throw not_a_number(table, row, column, kind, is_missing(cell) ? kDropHint : "");
    }
  }
  return known;
}

Task task_of_numbers(const CsvTable& table, const TargetColumn& target) {
  std::set<double> distinct;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    double value = 0.0;
    if (target.known[row] && table.read(row, target.column, value) == CellKind::number)
      distinct.insert(value);
  }
  if (distinct.size() == 2) return Task::binary;
  const bool whole =
      std::all_of(distinct.begin(), distinct.end(), [](double v) { return v == std::floor(v); });
  // Ids and years are whole numbers too, but a class has more than one row.
  const auto rows = static_cast<std::size_t>(std::count(target.known.begin(), target.known.end(), true));
  return whole && distinct.size() <= std::min(kMaxNumberedClasses, rows / 2) ? Task::multiclass
                                                                             : Task::regression;
}

Task task_of_names(const CsvTable& table, const TargetColumn& target) {
  std::set<std::string_view> distinct;
  for (std::size_t row = 0; row < table.rows() && distinct.size() < 3; ++row) {
    if (target.known[row]) distinct.insert(table.cell(row, target.column));
  }
  return distinct.size() <= 2 ? Task::binary : Task::multiclass;
}

}  // namespace

TargetColumn look_at_target(const CsvTable& table, std::size_t column, std::optional<Task> said,
                            MissingRule missing) {
  TargetColumn target;
  target.column = column;
  const bool numbers = holds_numbers(table, column, said, missing);
  target.known = known_targets(table, column, numbers, missing);
  target.labels = numbers ? LabelRule::by_value : LabelRule::as_text;
  target.task = said ? *said : numbers ? task_of_numbers(table, target) : task_of_names(table, target);
  return target;
}

}  // namespace mlpbench
