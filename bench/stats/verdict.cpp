#include "bench/stats/verdict.h"

#include <algorithm>
#include <stdexcept>

namespace mlpbench {

std::string_view to_string(Verdict verdict) noexcept {
  constexpr std::string_view kWords[] = {"regressed", "improved", "equivalent", "inconclusive",
                                         "incomparable"};
  return kWords[static_cast<std::size_t>(verdict)];
}

Verdict judge(double ratio, const std::optional<Interval>& interval, double threshold, double noise_floor) {
  if (!(threshold > 0.0) || !(noise_floor >= 0.0)) {
    throw std::invalid_argument("judge: the threshold must be positive and the noise floor not negative");
  }
  if (!interval) return Verdict::inconclusive;
  const double large = 1.0 + std::max(threshold, noise_floor);
  if (interval->low > 1.0 && ratio >= large) return Verdict::regressed;
  if (interval->high < 1.0 && ratio <= 1.0 / large) return Verdict::improved;
  const bool inside = interval->low >= 1.0 / (1.0 + threshold) && interval->high <= 1.0 + threshold;
  return inside ? Verdict::equivalent : Verdict::inconclusive;
}

}  // namespace mlpbench
