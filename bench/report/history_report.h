#pragma once

#include "bench/compare/history.h"
#include "support/table.h"

namespace mlpbench {

/// A line for each case: how it went, its latest time, its last change and the commits between which that
/// came.
Table history_table(const History& history, const std::vector<Trend>& trends);

/// The tables of all machines, for a terminal.
std::string history_console(const std::vector<History>& histories, const Terminal& terminal = {});

/// The same with a drawing for each experiment: one file without an outside reference, as report.html.
std::string history_page(const std::vector<History>& histories);

}  // namespace mlpbench
