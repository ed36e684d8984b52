#include "bench/stats/order.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <stdexcept>

namespace mlpbench {
namespace {

double sorted_percentile(const std::vector<double>& sorted, double percent) {
  if (sorted.empty()) throw std::invalid_argument("a percentile of no values");
  if (!(percent >= 0.0 && percent <= 100.0)) throw std::invalid_argument("a percentile lies in [0, 100]");
  const double place = static_cast<double>(sorted.size() - 1) * percent / 100.0;
  const auto below = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(below);
  return part > 0.0 ? std::lerp(sorted[below], sorted[below + 1], part) : sorted[below];
}

}  // namespace

Summary summarize(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double median = sorted_percentile(values, 50.0);
  return {values.size(), values.front(), median, sorted_percentile(values, 95.0), values.back()};
}

double percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  return sorted_percentile(values, percent);
}

double median(std::vector<double> values) { return percentile(std::move(values), 50.0); }

std::optional<Interval> median_interval(std::vector<double> values, double confidence) {
  if (values.size() < values_needed(confidence)) return std::nullopt;
  std::sort(values.begin(), values.end());
  const boost::math::binomial heads(static_cast<double>(values.size()), 0.5);
  const double allowed = (1.0 - confidence) / 2.0 + kRounding;
  std::size_t k = 1;
  while (2 * (k + 1) <= values.size() && boost::math::cdf(heads, static_cast<double>(k)) <= allowed) ++k;
  return Interval{values[k - 1], values[values.size() - k],
                  1.0 - 2.0 * boost::math::cdf(heads, static_cast<double>(k - 1))};
}

void require_confidence(double confidence) {
  if (!(confidence > 0.0 && confidence < 1.0)) throw std::invalid_argument("a confidence lies inside (0, 1)");
}

std::size_t values_needed(double confidence) {
  require_confidence(confidence);
  std::size_t n = 1;
  while (std::ldexp(2.0, -static_cast<int>(n)) > 1.0 - confidence + kRounding) ++n;
  return n;
}

}  // namespace mlpbench
