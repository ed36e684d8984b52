#pragma once

#include "bench/report/groups.h"
#include "support/table.h"

namespace mlpbench {

// The tables of the reports. Each is empty where the document has nothing for it.

/// A line for each group: what is fastest, and how fast that is.
Table summary_table(const Document& document);

/// How much of a case a table has room for.
enum class Width { full, terminal };

/// A line for each case of a group. A terminal has no room for the instruction set. Group::base_text()
/// belongs beside it: a ratio needs its absolute base.
Table backend_table(const Group& group, Width width = Width::full);

/// Rounds, lowest, median, 95th percentile, highest, noise, Holm's p-value and why it stopped.
Table details_table(const Document& document);

/// Cases down, experiments across: the largest difference and what is allowed.
Table parity_table(const Document& document);

/// The median time over all seeds, those that did not reach the target at infinity.
Table target_table(const Document& document);
inline constexpr const char* kTargetNote =
    "Median [lowest, highest] over all seeds; a seed that did not reach the target counts as ∞.";

Table scaling_table(const Document& document);
Table crossover_table(const Document& document);
Table determinism_table(const Document& document);
Table bandwidth_table(const RooflineFact& roofline);
Table peak_table(const RooflineFact& roofline);
Table operation_table(const RooflineFact& roofline);
Table curve_table(const Document& document);
Table boundary_table(const Document& document);

/// The twelve rules for reporting parallel performance (Hoefler and Belli 2015), held against the document;
/// `rule` and `fact` are the titles of their columns.
Table rules_table(const Document& document, const char* rule, const char* fact);

/// Quality with each seed.
Table seeds_table(const Group& group);

/// The true classes down, the predicted ones across.
Table confusion_table(const ReportCase& row);

/// Seconds to the target, one a seed, ascending; infinity for each seed that did not reach it.
std::vector<double> times_to_target(const TargetFact& target);

}  // namespace mlpbench
