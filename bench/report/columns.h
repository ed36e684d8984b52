#pragma once

#include <functional>
#include <string>

#include "bench/report/words.h"
#include "support/table.h"

namespace mlpbench {

using Cell = Table::Cell;

/// The usual columns of a table over entries. `of` is a member of the entry or a function of it.
template <typename Entry>
struct Columns {
  using Column = ColumnOf<Entry>;

  template <typename Of>
  static Column left(std::string title, Of of, int stage = 0) {
    return {std::move(title), Table::Align::left, [of](const Entry& e) { return Cell(std::invoke(of, e)); },
            stage};
  }

  template <typename Of>
  static Column right(std::string title, Of of, int stage = 0) {
    return {std::move(title), Table::Align::right, [of](const Entry& e) { return Cell(std::invoke(of, e)); },
            stage};
  }

  /// A number that `text` writes; of a Range its median.
  template <typename Of, typename Text>
  static Column number(std::string title, Of of, Text text, int stage = 0) {
    const auto cell = [of, text](const Entry& e) {
      const double value = number_of(std::invoke(of, e));
      return Cell(text(value), value);
    };
    return right(std::move(title), cell, stage);
  }

  /// A Range as range_text() writes it, sorted by its median.
  template <typename Of, typename Text>
  static Column range(std::string title, Of of, Text text, int stage = 0) {
    const auto cell = [of, text](const Entry& e) {
      const Range range = std::invoke(of, e);
      return Cell(range_text(range, text), range.median);
    };
    return right(std::move(title), cell, stage);
  }

 private:
  static double number_of(const Range& range) { return range.median; }
  static double number_of(const auto& number) requires(
      !std::is_base_of_v<Range, std::remove_cvref_t<decltype(number)>>) {
    return static_cast<double>(number);
  }
};

/// A wrong entry has only the columns of stage 0, and says why.
template <typename Entry>
Reached named_if_wrong(const Entry& entry) {
  return entry.wrong.empty() ? Reached{} : Reached{0, "WRONG, not timed: " + entry.wrong};
}

/// "avx2 float32"
template <typename Entry>
std::string backend_and_dtype(const Entry& entry) {
  return entry.backend + " " + entry.dtype;
}

}  // namespace mlpbench
