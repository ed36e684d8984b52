#pragma once

#include <string>
#include <vector>

#include "bench/results/document.h"
#include "support/table.h"

namespace mlpbench {

/// One of the twelve rules for reporting parallel performance (Hoefler and Belli 2015), held against a
/// document.
struct RuleCheck {
  enum class State { kept, broken, not_applicable };
  State state = State::kept;
  std::string rule;  ///< in a few words
  std::string fact;  ///< what the document has, or lacks
};

/// All twelve, in their order. What the program does by construction is stated as a fact; all else is
/// counted.
std::vector<RuleCheck> check_rules(const Document& document);

/// The same as a table; `rule` and `fact` are the titles of their columns.
Table rules_table(const Document& document, const char* rule, const char* fact);

}  // namespace mlpbench
