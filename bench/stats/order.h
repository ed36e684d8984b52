#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mlpbench {

// What a sample of measurements says without assuming a distribution: order statistics. Times are skewed and
// have several modes, so no mean and no standard deviation is used anywhere. Units are those of the values.

/// How much a probability may exceed its limit by rounding: 2 / 2^5 must not exceed 1 - 0.9375.
inline constexpr double kRounding = 1e-12;

/// A sample of rounds or trials in four numbers. Nothing is dropped.
struct Summary {
  std::size_t count = 0;
  double lowest = 0.0, median = 0.0, p95 = 0.0, highest = 0.0;
};

/// Infinity is above every other value. Throws std::invalid_argument when `values` is empty.
Summary summarize(std::vector<double> values);

/// The value below which `percent` of the sample lies, linear between the two nearest order statistics:
/// `numpy.percentile(values, percent)`. Throws std::invalid_argument when `values` is empty or percent is
/// outside [0, 100].
double percentile(std::vector<double> values, double percent);

/// percentile(values, 50): of an even number of values the mean of the middle two.
double median(std::vector<double> values);

/// Bounds of a quantity, and the probability with which bounds made this way contain it.
struct Interval {
  double low = 0.0, high = 0.0;
  double confidence = 0.0;  ///< exact, at least the one that was asked for

  bool contains(double value) const noexcept { return low <= value && value <= high; }

  static void fields(auto& self, auto&& visit) {  // support/fields.h
    visit("low", self.low, "lower end");
    visit("high", self.high, "upper end");
    visit("confidence", self.confidence, "exact");
  }
};

/// The exact interval of the median for any distribution of the values, by the sign test. With k the largest
/// number for which 2 P(B <= k - 1) <= 1 - confidence, B ~ Binomial(n, 1/2), it is
///   [k-th smallest, k-th largest],  confidence 1 - 2 P(B <= k - 1).
/// Empty when there are too few values: values_needed(confidence). Values may be tied, which only makes the
/// interval's confidence larger. `scipy.stats.quantile_test(values, p=0.5).confidence_interval(confidence)`;
/// Conover, Practical Nonparametric Statistics, 3.2. Throws std::invalid_argument when confidence is not
/// inside (0, 1).
std::optional<Interval> median_interval(std::vector<double> values, double confidence);

/// std::invalid_argument when it is not inside (0, 1).
void require_confidence(double confidence);

/// How many values an interval of that confidence needs: the smallest n with 2 / 2^n <= 1 - confidence; 6 for
/// 0.95.
std::size_t values_needed(double confidence);

}  // namespace mlpbench
