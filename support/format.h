#pragma once

#include <cstddef>
#include <string>

namespace mlpbench {

/// Three significant digits and a unit: "3.41 ms", "120 ns", "75.0 s".
std::string format_seconds(double seconds);

/// Three significant digits with K, M or G: "133 M", "4.50 K", "12.0".
std::string format_quantity(double value);

/// "0.1465" with 4 decimals; six digits and an exponent from 1e9 on, where decimals would be hundreds.
std::string format_decimals(double value, int decimals);

/// "1 thread", "2 threads".
std::string format_count(std::size_t count, const char* noun);

/// "3 days", "2:05", "0:07": minutes and seconds, or hours before them.
std::string format_duration(double seconds);

}  // namespace mlpbench
