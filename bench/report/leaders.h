#pragma once

#include <string>
#include <vector>

#include "bench/report/groups.h"

namespace mlpbench {

/// Whose case has the lowest median of a table, and which backends it could not be told from.
struct Leader {
  const Group* group;
  const ReportCase* row;
  std::vector<std::string> not_separated_from;  ///< in the suite's order

  bool fastest() const noexcept { return not_separated_from.empty(); }
};

/// A leader for each group in which at least two backends were timed and are right. It is compared with every
/// such case of every other backend, in whatever dtype and on however many threads, by the quotients of the
/// same rounds (paired_ratio()). A backend is separated from it where the intervals of all of its cases
/// exclude 1. All leader_comparisons() intervals hold together with the method's confidence; too few rounds
/// for that, or a confidence that is not stated, separate nothing.
std::vector<Leader> leaders_of(const std::vector<Group>& groups, const Document& document);

/// How many pairs of cases leaders_of() compares.
std::size_t leader_comparisons(const std::vector<Group>& groups);

}  // namespace mlpbench
