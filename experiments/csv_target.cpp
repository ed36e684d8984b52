#include "experiments/csv_target.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "support/error.h"

namespace mlpbench {
namespace {

/// Whole numbers up to this many different ones are taken for classes.
constexpr std::size_t kMaxNumberedClasses = 20;

constexpr const char* kDropHint = "; --missing drop leaves such rows out";
constexpr const char* kNamesHint = "; --task multiclass takes all cells as class names";

bool is_number(CellKind kind) { return kind == CellKind::number || kind == CellKind::out_of_range; }

}  // namespace

void TargetScan::look(const CsvTable& table) {
  if (said_ == Task::multiclass || said_ == Task::regression) return;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    double value = 0.0;
    const CellKind kind = table.read(row, column_, value);
    numbers_ += is_number(kind);
    if (kind != CellKind::text || first_name_) continue;
    const bool marker = is_missing(table.cell(row, column_));
    if (marker && missing_ != MissingRule::refuse) continue;
    first_name_ =
        not_a_number(table, row, column_, kind,
                     std::string(kNamesHint) + (marker ? ", --missing drop leaves such rows out" : ""));
  }
}

/// Whether the column is one of numbers. A mixture with names is an error where nobody has said what it is.
bool TargetScan::holds_numbers() const {
  if (said_ == Task::multiclass) return false;
  if (said_ == Task::regression) return true;
  if (numbers_ == 0 || !first_name_) return numbers_ > 0;
  if (said_) return false;
  throw *first_name_;
}

std::vector<bool> TargetScan::known(const CsvTable& table) {
  const bool numbers = holds_numbers();
  std::vector<bool> known(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.cell(row, column_);
    double value = 0.0;
    const CellKind kind = table.read(row, column_, value);
    const bool marker = numbers ? kind != CellKind::number && is_missing(cell) : cell.empty();
    known[row] = !marker || missing_ == MissingRule::refuse;
    if (!known[row]) continue;
    if (cell.empty()) throw not_a_number(table, row, column_, CellKind::empty, kDropHint);
    if (numbers && kind != CellKind::number) {
      throw not_a_number(table, row, column_, kind, is_missing(cell) ? kDropHint : "");
    }
    ++known_;
    if (numbers && values_.size() <= kMaxNumberedClasses) values_.insert(value);
    if (!numbers && names_.size() < 3) names_.emplace(cell);
  }
  return known;
}

TargetColumn TargetScan::finish() const {
  const bool numbers = holds_numbers();
  TargetColumn target{column_, Task::binary, numbers ? LabelRule::by_value : LabelRule::as_text};
  const bool two = numbers ? values_.size() == 2 : names_.size() <= 2;
  if (said_) {
    target.task = *said_;
  } else if (!two) {
    const bool whole =
        std::all_of(values_.begin(), values_.end(), [](double v) { return v == std::floor(v); });
    // Ids and years are whole numbers too, but a class has more than one row.
    const bool classes = !numbers || (whole && values_.size() <= std::min(kMaxNumberedClasses, known_ / 2));
    target.task = classes ? Task::multiclass : Task::regression;
  }
  return target;
}

TargetColumn look_at_target(const CsvTable& table, std::size_t column, std::optional<Task> said,
                            MissingRule missing) {
  TargetScan scan(column, said, missing);
  scan.look(table);
  std::vector<bool> known = scan.known(table);
  TargetColumn target = scan.finish();
  target.known = std::move(known);
  return target;
}

}  // namespace mlpbench
