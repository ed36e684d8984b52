#include "bench/stats/spread.h"

#include <algorithm>
#include <cstddef>

namespace mlpbench {

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return {values.front(), (values[(n - 1) / 2] + values[n / 2]) / 2, values.back()};
}

}  // namespace mlpbench
