#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/csv.h"

namespace mlpbench {

/// What becomes of a row whose cells are not all there.
enum class MissingRule {
  refuse,  ///< an error
  drop,    ///< the row is left out, of training and test rows alike
  mean,    ///< the cell gets the mean of its column's training rows
  median   ///< their median: of an even number of values the mean of the middle two
};

std::vector<std::string_view> missing_words();  ///< "refuse", "drop", "mean", "median", in the order above

/// Whether a cell says that there is no value. It is empty or one of these:
///   "?", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None"
bool is_missing(std::string_view cell) noexcept;

/// Whether a cell looks like a date, with or without a time: 2024-01-31, 31.01.2024, 1/31/24.
bool looks_like_date(std::string_view cell) noexcept;

/// How many cells of a column are missing.
struct MissingCells {
  std::string column;
  std::size_t count = 0;
};

/// "177 in age, 2 in embarked": the first few columns, and how many more.
std::string missing_text(std::span<const MissingCells> columns);

/// The error about a cell of a feature that is neither a number nor missing by the rule. It names the option
/// that accepts the cell, where there is one.
UserError not_a_feature(const CsvTable& table, std::size_t row, std::size_t column, CellKind kind);

}  // namespace mlpbench
