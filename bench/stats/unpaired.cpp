#include "bench/stats/unpaired.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <stdexcept>

namespace mlpbench {
namespace {

constexpr std::size_t kMaxExactPairs = 2500;

void require_times(std::span<const double> values) {
  const auto good = [](double v) { return v > 0.0 && std::isfinite(v); };
  if (values.empty() || !std::all_of(values.begin(), values.end(), good)) {
    throw std::invalid_argument("each side needs times or ratios that are positive and finite");
  }
}

/// P(U <= u) by the normal distribution of the same mean and variance, with the correction for continuity.
double approximate_cdf(std::size_t m, std::size_t n, double u) {
  const double pairs = static_cast<double>(m * n), values = static_cast<double>(m + n);
  const boost::math::normal normal(pairs / 2.0, std::sqrt(pairs * (values + 1.0) / 12.0));
  return boost::math::cdf(normal, u + 0.5);
}

}  // namespace

double machine_floor(std::span<const double> ratios, double confidence) {
  require_times(ratios);
  require_confidence(confidence);
  std::vector<double> effects;
  for (const double ratio : ratios) effects.push_back(std::abs(std::log(ratio)));
  const double deviation = median(effects) / boost::math::quantile(boost::math::normal(), 0.75);
  const boost::math::students_t student(0.5 * static_cast<double>(ratios.size()));
  return std::expm1(deviation * boost::math::quantile(student, (1.0 + confidence) / 2.0));
}

std::vector<double> mann_whitney_cdf(std::size_t m, std::size_t n) {
  if (m == 0 || n == 0) throw std::invalid_argument("mann_whitney_cdf: no values on one side");
  // probability[j][u] for i values against j. The largest of all is one of the i with probability i / (i +
  // j), and then beats all j. Else it is one of the j and beats none (Mann and Whitney 1947, equation 2).
  const std::size_t most = m * n;
  std::vector<std::vector<double>> probability(n + 1, std::vector<double>(most + 1));
  for (std::vector<double>& row : probability) row[0] = 1.0;
  for (std::size_t i = 1; i <= m; ++i) {
    for (std::size_t j = 1; j <= n; ++j) {
      const double one_of_i = static_cast<double>(i) / static_cast<double>(i + j);
      // Row j still holds i - 1 against j; from above, so that what is read has not been written.
      for (std::size_t u = i * j + 1; u-- > 0;) {
        const double beats_all = u >= j ? probability[j][u - j] : 0.0;
        probability[j][u] = one_of_i * beats_all + (1.0 - one_of_i) * probability[j - 1][u];
      }
    }
  }
  std::vector<double>& cdf = probability[n];
  for (std::size_t u = 1; u <= most; ++u) cdf[u] += cdf[u - 1];
  return cdf;
}

UnpairedRatio unpaired_ratio(std::span<const double> base, std::span<const double> candidate,
                             double confidence) {
  require_times(base);
  require_times(candidate);
  require_confidence(confidence);
  std::vector<double> quotients;
  quotients.reserve(base.size() * candidate.size());
  for (const double b : base) {
    for (const double c : candidate) quotients.push_back(c / b);
  }
  std::sort(quotients.begin(), quotients.end());

  const bool exact = quotients.size() <= kMaxExactPairs;
  const std::vector<double> table =
      exact ? mann_whitney_cdf(base.size(), candidate.size()) : std::vector<double>();
  const auto cdf = [&](std::size_t u) {
    return exact ? table[u] : approximate_cdf(base.size(), candidate.size(), static_cast<double>(u));
  };
  UnpairedRatio result;
  result.ratio = median(quotients);
  const double allowed = (1.0 - confidence) / 2.0 + kRounding;
  std::size_t k = 0;
  while (2 * (k + 1) <= quotients.size() && cdf(k) <= allowed) ++k;
  if (k > 0) {
    result.interval = Interval{quotients[k - 1], quotients[quotients.size() - k], 1.0 - 2.0 * cdf(k - 1)};
  }
  return result;
}

}  // namespace mlpbench
