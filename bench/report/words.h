#pragma once

#include <optional>
#include <string>

#include "bench/report/document.h"

namespace mlpbench {

// Numbers as the reports write them. What is not known is kNotKnown.

inline constexpr const char* kNotKnown = "–";

std::string seconds_text(double seconds);             ///< "30.1 us", "∞"
std::string quantity_text(double value);              ///< "16.7 M"
std::string percent_text(double part, int decimals);  ///< "99.12 %"
std::string exponent_text(double value);              ///< "3.3e-16"
std::string number_text(double value);                ///< three significant digits: "8.31"
std::string count_text(double count);                 ///< "1000"

/// The same for an axis: "30 us", "1.5 s"; "16 M".
std::string short_seconds_text(double seconds);
std::string short_quantity_text(double value);

/// "30.1 us [28.0, 34.0]" of "30.1 us", "28.0 us" and "34.0 us".
std::string bracketed_text(const std::string& middle, std::string low, std::string high);

/// "30.1 us [28.0, 34.0]", with units where they differ; "30.1 us [too few rounds]" without an interval.
std::string seconds_interval_text(double seconds, const std::optional<Interval>& interval);

/// "8.31x [8.1, 8.5]"
std::string ratio_text(double ratio, const std::optional<Interval>& interval);

/// "1.74 [1.60, 1.80]"
std::string range_text(const Range& range);

/// "99.12 % [98.25 %, 99.12 %]" of accuracies, "0.103 [0.1, 0.11]" of errors, kNotKnown of none.
std::string accuracies_text(const std::vector<double>& values);
std::string errors_text(const std::vector<double>& values);

/// Lowest, median and highest of the values that are known; of none NaN.
Range range_over(const std::vector<double>& values);

/// "naive", "naive and blas", "naive, blas and armadillo"
std::string names_text(const std::vector<std::string>& names);

/// The first letters that a reader sees are capital.
std::string capitalised(std::string text);

}  // namespace mlpbench
