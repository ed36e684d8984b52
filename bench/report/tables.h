#pragma once

#include "bench/report/grid.h"
#include "bench/report/groups.h"

namespace mlpbench {

// The tables of the reports. Each is empty where the document has nothing for it.

/// A line for each group: what is fastest, and how fast that is.
Grid summary_grid(const Document& document);

/// How much of a case a table has room for.
enum class Width { full, terminal };

/// A line for each case of a group. A terminal has no room for the instruction set. Group::base_text()
/// belongs beside it: a ratio needs its absolute base.
Grid backend_grid(const Group& group, Width width = Width::full);

/// Rounds, lowest, median, 95th percentile, highest, noise, Holm's p-value and why it stopped.
Grid details_grid(const Document& document);

/// Cases down, experiments across: the largest difference and what is allowed.
Grid parity_grid(const Document& document);

/// The median time over all seeds, those that did not reach the target at infinity.
Grid target_grid(const Document& document);
Grid scaling_grid(const Document& document);
Grid bandwidth_grid(const RooflineFact& roofline);
Grid peak_grid(const RooflineFact& roofline);
Grid operation_grid(const RooflineFact& roofline);
Grid curve_grid(const Document& document);
Grid boundary_grid(const Document& document);

/// Quality with each seed.
Grid seeds_grid(const Group& group);

/// The true classes down, the predicted ones across.
Grid confusion_grid(const ReportCase& row);

/// Seconds to the target, one a seed, ascending; infinity for each seed that did not reach it.
std::vector<double> times_to_target(const TargetFact& target);

}  // namespace mlpbench
