#pragma once

#include <vector>

namespace mlpbench {

/// A number of rounds or trials, summarised. Nothing is dropped.
struct Spread {
  double lowest = 0.0, median = 0.0, highest = 0.0;
};

/// Of an even number of values the median is the mean of the middle two. `values` must not be empty.
Spread spread_of(std::vector<double> values);

}  // namespace mlpbench
