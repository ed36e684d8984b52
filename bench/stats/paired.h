#pragma once

#include <span>
#include <string_view>

#include "bench/stats/order.h"

namespace mlpbench {

// Two sides timed in the same rounds. The machine affects both times of a round, so the quotient of a round
// is less noisy than either time. The statistics are those of the logarithms of the quotients.

/// What the interval of a ratio says. Never more: "not separated" is not "equal".
enum class Separation { faster, slower, not_separated };
std::string_view to_string(Separation separation) noexcept;  ///< "faster", "slower", "not separated"

/// How many times faster one side is than another.
struct PairedRatio {
  std::size_t rounds = 0;
  double ratio = 1.0;                ///< exp(median of log(base / candidate)); above 1: candidate is faster
  std::optional<Interval> interval;  ///< of the ratio; empty when the rounds are too few for the confidence

  /// Two-sided sign test of "as often faster as slower": min(1, 2 P(B <= m)), B ~ Binomial(rounds, 1/2). m is
  /// the smaller number of rounds that one side won. Rounds with equal times count for neither, and still
  /// among `rounds`: `scipy.stats.binomtest(m, rounds).pvalue`.
  double p_value = 1.0;

  /// By the interval: whether it excludes 1.
  Separation separation() const noexcept;
};

/// Compares the times (seconds) of the same rounds. The interval is median_interval() of the logarithms,
/// which needs no assumption about the times. Throws std::invalid_argument when the sides have different
/// numbers of rounds, none, or a time that is not positive and finite.
PairedRatio paired_ratio(std::span<const double> base, std::span<const double> candidate, double confidence);

/// The confidence that each of `comparisons` intervals needs for all of them to hold together with
/// `confidence` (Bonferroni): 1 - (1 - confidence) / comparisons. No comparison counts as one.
double confidence_of_each(double confidence, std::size_t comparisons);

/// Holm's (1979) step-down adjustment: sorted ascending, p_(i) becomes max over j <= i of
/// min(1, (m - j + 1) p_(j)). An adjusted p-value below alpha is significant with the probability of any
/// false one at most alpha. R's `p.adjust(p, "holm")`.
std::vector<double> holm(std::span<const double> p_values);

/// The smallest effect that this measurement can tell from nothing: the same code timed twice in every round,
/// as if it were two. max(high, 1 / low) - 1 of the ratio's interval: 0.02 says that 2 % may be noise.
/// Infinite when the rounds are too few.
double noise_floor(std::span<const double> first, std::span<const double> second, double confidence);

}  // namespace mlpbench
