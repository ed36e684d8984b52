#include "bench/stats/paired.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace mlpbench {
namespace {

double sign_test(const std::vector<double>& logs) {
  const auto positive = std::count_if(logs.begin(), logs.end(), [](double x) { return x > 0.0; });
  const auto negative = std::count_if(logs.begin(), logs.end(), [](double x) { return x < 0.0; });
  const boost::math::binomial heads(static_cast<double>(logs.size()), 0.5);
  return std::min(1.0, 2.0 * boost::math::cdf(heads, static_cast<double>(std::min(positive, negative))));
}

}  // namespace

std::string_view to_string(Separation separation) noexcept {
  constexpr std::string_view kWords[] = {"faster", "slower", "not separated"};
  return kWords[static_cast<std::size_t>(separation)];
}

Separation PairedRatio::separation() const noexcept {
  if (!interval || interval->contains(1.0)) return Separation::not_separated;
  return interval->low > 1.0 ? Separation::faster : Separation::slower;
}

PairedRatio paired_ratio(std::span<const double> base, std::span<const double> candidate, double confidence) {
  if (base.size() != candidate.size() || base.empty()) {
    throw std::invalid_argument("paired_ratio: both sides need the same rounds, one at least");
  }
  std::vector<double> logs(base.size());
  for (std::size_t i = 0; i < logs.size(); ++i) {
    if (!(base[i] > 0.0 && candidate[i] > 0.0 && std::isfinite(base[i]) && std::isfinite(candidate[i]))) {
      throw std::invalid_argument("paired_ratio: a time is not positive and finite");
    }
    logs[i] = std::log(base[i] / candidate[i]);
  }
  PairedRatio result;
  result.rounds = logs.size();
  result.ratio = std::exp(median(logs));
  result.p_value = sign_test(logs);
  result.interval = median_interval(std::move(logs), confidence);
  if (result.interval) {
    result.interval->low = std::exp(result.interval->low);
    result.interval->high = std::exp(result.interval->high);
  }
  return result;
}

double confidence_of_each(double confidence, std::size_t comparisons) {
  return 1.0 - (1.0 - confidence) / static_cast<double>(std::max<std::size_t>(comparisons, 1));
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double p = static_cast<double>(order.size() - rank) * p_values[order[rank]];
    largest = std::max(largest, std::min(1.0, p));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

double noise_floor(std::span<const double> first, std::span<const double> second, double confidence) {
  const PairedRatio same = paired_ratio(first, second, confidence);
  if (!same.interval) return std::numeric_limits<double>::infinity();
  return std::max(same.interval->high, 1.0 / same.interval->low) - 1.0;
}

}  // namespace mlpbench
