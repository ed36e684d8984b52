#include "support/format.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace mlpbench {
namespace {

/// Three significant digits without an exponent: 3.41, 34.1, 341. Rounding 999.6 up gives "1000".
std::string three_digits(double value) {
  const double magnitude = std::abs(value);
  if (magnitude < 9.995) return fmt::format("{:.2f}", value);
  return magnitude < 99.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
}

}  // namespace

std::string format_seconds(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  if (seconds < 999.5e-9) return three_digits(seconds * 1e9) + " ns";
  if (seconds < 999.5e-6) return three_digits(seconds * 1e6) + " us";
  if (seconds < 999.5e-3) return three_digits(seconds * 1e3) + " ms";
  return (seconds < 999.5e15 ? three_digits(seconds) : fmt::format("{:.2e}", seconds)) + " s";
}

std::string format_quantity(double value) {
  if (!std::isfinite(value)) return "?";
  if (std::abs(value) >= 999.5e15) return fmt::format("{:.2e}", value);
  static constexpr std::array suffixes = {"", " K", " M", " G", " T"};
  std::size_t i = 0;
  while (i + 1 < suffixes.size() && std::abs(value) >= 999.5) {
    value /= 1000.0;
    ++i;
  }
  return three_digits(value) + suffixes[i];
}

std::string format_decimals(double value, int decimals) {
  return std::abs(value) < 1e9 ? fmt::format("{:.{}f}", value, decimals) : fmt::format("{:.6g}", value);
}

std::string format_count(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string format_duration(double seconds) {
  if (!(seconds >= 0.0) || seconds > 1e9) return "?";
  const auto total = static_cast<long long>(std::ceil(seconds));
  if (total >= 2 * 86400) return fmt::format("{} days", total / 86400);
  if (total >= 3600) return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
  return fmt::format("{}:{:02}", total / 60, total % 60);
}

}  // namespace mlpbench
