#pragma once

#include <vector>

#include "bench/measure/measure.h"

namespace mlpbench {

/// The rounds of measure(): times the cases `open` until each is precise enough, or the rounds or the budget
/// end. What an earlier process has noted in hooks.journal is taken from there. Throws Interrupted.
void time_in_rounds(Comparison& comparison, std::vector<std::size_t> open, const MeasureHooks& hooks,
                    Schedule& schedule);

/// Drops what the row has of a round beyond its last complete one, and makes one number of each round.
void complete_rounds(CaseResult& row);

}  // namespace mlpbench
