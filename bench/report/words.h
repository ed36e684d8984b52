#pragma once

#include <optional>
#include <string>

#include "bench/results/document.h"
#include "support/text.h"

namespace mlpbench {

// Numbers as the reports write them. What is not known is kNotKnown.

inline constexpr const char* kNotKnown = "–";

std::string seconds_text(double seconds);              ///< "30.1 us", "∞"
std::string quantity_text(double value);               ///< "16.7 M"
std::string percent_text(double share, int decimals);  ///< "99.12 %"
std::string exponent_text(double value);               ///< "3.3e-16"
std::string number_text(double value);                 ///< three significant digits: "8.31"
std::string error_text(double error);                  ///< six of them
std::string count_text(double count);                  ///< "1000"

/// The same for an axis: "30 us", "1.5 s"; "16 M".
std::string short_seconds_text(double seconds);
std::string short_quantity_text(double value);

template <int decimals>
std::string percent_with(double share) {
  return percent_text(share, decimals);
}

/// "30.1 us [28.0, 34.0]" of "30.1 us", "28.0 us" and "34.0 us".
std::string bracketed_text(const std::string& middle, std::string low, std::string high);

/// The median and the extremes: "1.74 s [1.60, 2.10]", as `text` writes each.
template <typename Text>
std::string range_text(const Range& range, Text text) {
  if (!range.known()) return kNotKnown;
  return bracketed_text(text(range.median), text(range.lowest), text(range.highest));
}

/// "8.31x [8.1, 8.5]"
std::string ratio_text(double ratio, const std::optional<Interval>& interval);

/// Lowest, median and highest of the values that are known; of none NaN.
Range range_over(std::vector<double> values);

/// "naive", "naive and blas", "naive, blas and armadillo", "naive, blas, eigen and 4 more"
std::string names_text(const std::vector<std::string>& names);

}  // namespace mlpbench
