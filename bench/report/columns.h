#pragma once

#include <functional>
#include <string>

#include "bench/report/words.h"
#include "support/table.h"

namespace mlpbench {

using Cell = Table::Cell;

/// How far an entry has come: it has the columns up to that stage.
enum Stage { kNamed, kChecked, kTimed, kCompared };

/// The usual columns of a table over entries of any type. `of` is a member of the entry or a function of it.
namespace columns {

template <typename Of>
struct Column {
  std::string title;
  Table::Align align;
  Of of;
  int stage, shortens = 0, leaves = 0;

  template <typename Entry>
  operator ColumnOf<Entry>() const {
    return {title, align,    [of = of](const Entry& entry) { return Cell(std::invoke(of, entry)); },
            stage, shortens, leaves};
  }

  /// At which steps of Table::fitted() it loses its brackets, and leaves.
  Column at(int shorter, int gone) const {
    Column column = *this;
    column.shortens = shorter;
    column.leaves = gone;
    return column;
  }
};

template <typename Of>
Column<Of> left(std::string title, Of of, int stage = kNamed) {
  return {std::move(title), Table::Align::left, of, stage};
}

template <typename Of>
Column<Of> right(std::string title, Of of, int stage = kNamed) {
  return {std::move(title), Table::Align::right, of, stage};
}

/// A number that `text` writes; of a Range its median.
template <typename Of, typename Text>
auto number(std::string title, Of of, Text text, int stage = kNamed) {
  const auto cell = [of, text](const auto& entry) {
    const auto& found = std::invoke(of, entry);
    double value = 0.0;
    if constexpr (std::is_base_of_v<Range, std::remove_cvref_t<decltype(found)>>) {
      value = found.median;
    } else {
      value = static_cast<double>(found);
    }
    return Cell(text(value), value);
  };
  return right(std::move(title), cell, stage);
}

/// A Range as range_text() writes it, sorted by its median.
template <typename Of, typename Text>
auto range(std::string title, Of of, Text text, int stage = kNamed) {
  const auto cell = [of, text](const auto& entry) {
    const Range& found = std::invoke(of, entry);
    return Cell(range_text(found, text), found.median);
  };
  return right(std::move(title), cell, stage);
}

}  // namespace columns

/// A wrong entry has only the columns of its name, and says why.
template <typename Entry>
Reached named_if_wrong(const Entry& entry) {
  return entry.wrong.empty() ? Reached{} : Reached{kNamed, "WRONG, not timed: " + entry.wrong};
}

/// "avx2 float32"
constexpr auto backend_and_dtype = [](const auto& entry) { return entry.backend + " " + entry.dtype; };

}  // namespace mlpbench
