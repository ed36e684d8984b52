#pragma once

#include <optional>
#include <string_view>

#include "bench/stats/order.h"

namespace mlpbench {

enum class Verdict { regressed, improved, equivalent, inconclusive, incomparable };
std::string_view to_string(Verdict verdict) noexcept;

/// Judges a case by how many times as long it takes as before, a cost. `ratio` has its `interval`, which is
/// already corrected for the number of cases. An effect is large when it is at least `threshold` and at least
/// `noise_floor`, in either direction on the logarithmic scale. Both are parts of 1 (0.05: five percent).
///   regressed     the interval lies above 1 and the effect is large
///   improved      the interval lies below 1 and the effect is large
///   equivalent    else, when the interval lies inside [1 / (1 + threshold), 1 + threshold]
///   inconclusive  else: the interval is too wide, or there is none
/// `incomparable` is not decided here. Throws std::invalid_argument when threshold is not positive or
/// noise_floor is negative or NaN.
Verdict judge(double ratio, const std::optional<Interval>& interval, double threshold, double noise_floor);

}  // namespace mlpbench
