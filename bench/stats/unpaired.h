#pragma once

#include <span>

#include "bench/stats/order.h"

namespace mlpbench {

/// How many times as long one side takes as another, of times that were not taken in the same rounds.
struct UnpairedRatio {
  double ratio = 1.0;                ///< candidate / base, the Hodges-Lehmann estimate; above 1: slower
  std::optional<Interval> interval;  ///< of the ratio; empty when the times are too few for the confidence
};

/// The median of all quotients candidate[j] / base[i], and the interval that inverts the Mann-Whitney test of
/// their logarithms. With k the largest number for which 2 P(U <= k - 1) <= 1 - confidence,
///   [k-th smallest, k-th largest] of the quotients,  confidence 1 - 2 P(U <= k - 1).
/// Exact when the two distributions differ by a factor alone. U's distribution is computed exactly up to
/// sizes with 2500 pairs, beyond by its normal approximation. R's `wilcox.test(log(x), log(y), conf.int =
/// TRUE)`; Hollander and Wolfe, Nonparametric Statistical Methods, 4.3. Throws std::invalid_argument when a
/// side is empty, a time is not positive and finite, or confidence is not inside (0, 1).
UnpairedRatio unpaired_ratio(std::span<const double> base, std::span<const double> candidate,
                             double confidence);

/// The smallest effect of a case of two runs, one a side, that is distinct from the effect of the machine.
/// The machine moves every case between two runs. 0.1 says that 10 % may be the machine. `ratios` are
/// candidate / base of all cases, at least one. With m the median of |log ratio|, which cases that changed
/// themselves do not move as long as they are fewer than half,
///   exp(t m / 0.6745) - 1,
/// m / 0.6745 is the deviation of a normal distribution with that median. t is the two-sided quantile at
/// `confidence` of Student's distribution, with half as many degrees of freedom as ratios because m is
/// estimated from them. Simulated, the ratios of the same code exceed it together in 1 to 4 % at 95 %. A
/// single case has no others to be compared with: its own effect is always below. Throws as unpaired_ratio().
double machine_floor(std::span<const double> ratios, double confidence);

/// P(U <= u) for u = 0 ... m n, exactly. U is the Mann-Whitney statistic of m and n values of one
/// distribution: every order of the m + n values is equally likely. `scipy.stats.mannwhitneyu(x, y,
/// method="exact")`. Throws std::invalid_argument when m or n is 0.
std::vector<double> mann_whitney_cdf(std::size_t m, std::size_t n);

}  // namespace mlpbench
