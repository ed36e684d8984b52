#include "bench/report/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "support/format.h"

namespace mlpbench {
namespace {

/// " us" of "30.1 us".
std::string unit_of(const std::string& text) {
  const std::size_t blank = text.find(' ');
  return blank == std::string::npos ? "" : text.substr(blank);
}

/// "30.0 us" as "30 us".
std::string shortened(const std::string& text) {
  const std::string unit = unit_of(text);
  std::string number = text.substr(0, text.size() - unit.size());
  if (number.find('.') != std::string::npos) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return number + unit;
}

/// Three significant digits, zeros at the end too: 1.40, 26.7, 100.
std::string significant_text(double value) {
  std::string text = fmt::format("{:#.3g}", value);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string written(double value, const char* format, const char* infinity = kNotKnown) {
  if (std::isinf(value)) return infinity;
  return std::isnan(value) ? kNotKnown : fmt::format(fmt::runtime(format), value);
}

}  // namespace

std::string number_text(double value) { return written(value, "{:.3g}", "∞"); }
std::string count_text(double count) { return written(count, "{:.0f}", "∞"); }
std::string exponent_text(double value) { return written(value, "{:.1e}"); }
std::string error_text(double error) { return written(error, "{:.6g}"); }

std::string seconds_text(double seconds) {
  return std::isfinite(seconds) ? format_seconds(seconds) : number_text(seconds);
}

std::string quantity_text(double value) { return std::isfinite(value) ? format_quantity(value) : kNotKnown; }

std::string percent_text(double share, int decimals) {
  return std::isfinite(share) ? fmt::format("{:.{}f} %", 100.0 * share, decimals) : kNotKnown;
}

std::string short_seconds_text(double seconds) { return shortened(seconds_text(seconds)); }
std::string short_quantity_text(double value) { return shortened(quantity_text(value)); }

std::string bracketed_text(const std::string& middle, std::string low, std::string high) {
  const std::string unit = unit_of(middle);
  const auto has_unit = [&](const std::string& text) { return unit_of(text) == unit || text == "∞"; };
  if (has_unit(low) && has_unit(high)) {
    for (std::string* text : {&low, &high}) text->resize(text->size() - unit_of(*text).size());
  }
  return fmt::format("{} [{}, {}]", middle, low, high);
}

std::string ratio_text(double ratio, const std::optional<Interval>& interval) {
  if (!std::isfinite(ratio)) return kNotKnown;
  if (!interval) return significant_text(ratio) + "x";
  return fmt::format("{}x [{}, {}]", significant_text(ratio), significant_text(interval->low),
                     significant_text(interval->high));
}

Range range_over(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
  return Range::of(values);
}

std::string names_text(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 4;
  if (names.size() < 2) return names.empty() ? "" : names.front();
  if (names.size() > kMost) {
    return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kMost - 1, ", "),
                       names.size() - kMost + 1);
  }
  return fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

}  // namespace mlpbench
