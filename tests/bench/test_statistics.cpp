#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "bench/stats/paired.h"
#include "bench/stats/unpaired.h"
#include "bench/stats/verdict.h"
#include "tests/catch.h"
#include "tests/support/reference.h"

// The statistics against what SciPy computes (tests/reference/generate_statistics.py).

using namespace mlpbench;
using mlpbench::test::numbers;
using nlohmann::json;

namespace {

constexpr double kTolerance = 1e-12;

const json& scipy(const char* section) { return test::reference("statistics").at(section); }

Approx about(double value) { return Approx(value).epsilon(kTolerance).margin(1e-15); }

void check_interval(const std::optional<Interval>& ours, const json& expected) {
  INFO("confidence " << expected.at("confidence"));
  REQUIRE(ours.has_value() == !expected.at("low").is_null());
  if (!ours) return;
  CHECK(ours->low == about(expected.at("low")));
  CHECK(ours->high == about(expected.at("high")));
  CHECK(ours->confidence >= expected.at("confidence").get<double>() - kTolerance);
}

}  // namespace

TEST_CASE("percentiles and the interval of the median are SciPy's", "[statistics]") {
  for (const json& c : scipy("order_statistics")) {
    const std::vector<double> values = numbers(c.at("values"));
    INFO(values.size() << " values");
    for (const auto& [percent, expected] : c.at("percentiles").items()) {
      CHECK(percentile(values, std::stod(percent)) == about(expected));
    }
    const Summary summary = summarize(values);
    CHECK(summary.count == values.size());
    CHECK(summary.lowest == c.at("percentiles").at("0"));
    CHECK(summary.median == about(c.at("percentiles").at("50")));
    CHECK(summary.p95 == about(c.at("percentiles").at("95")));
    CHECK(summary.highest == c.at("percentiles").at("100"));
    for (const json& expected : c.at("intervals")) {
      check_interval(median_interval(values, expected.at("confidence")), expected);
    }
  }
}

TEST_CASE("ratio and p-value of paired times are SciPy's", "[statistics]") {
  for (const json& c : scipy("paired")) {
    const PairedRatio ours = paired_ratio(numbers(c.at("base")), numbers(c.at("candidate")), 0.95);
    CHECK(ours.ratio == about(c.at("ratio")));
    CHECK(ours.p_value == about(c.at("p_value")));
    REQUIRE(ours.interval);
    // Interval and test are one: the interval excludes 1 exactly when the test rejects.
    CHECK((ours.separation() != Separation::not_separated) == (ours.p_value <= 0.05));
  }
}

TEST_CASE("the distribution of the Mann-Whitney statistic is SciPy's", "[statistics]") {
  for (const json& c : scipy("mann_whitney_cdf")) {
    const std::vector<double> expected = numbers(c.at("cdf"));
    const std::vector<double> ours = mann_whitney_cdf(c.at("m"), c.at("n"));
    REQUIRE(ours.size() == expected.size());
    for (std::size_t u = 0; u < ours.size(); ++u) CHECK(ours[u] == about(expected[u]));
  }
}

TEST_CASE("ratio and interval of unpaired times are what SciPy's test keeps", "[statistics]") {
  for (const json& c : scipy("unpaired")) {
    const std::vector<double> base = numbers(c.at("base")), candidate = numbers(c.at("candidate"));
    INFO(base.size() << " against " << candidate.size());
    for (const json& expected : c.at("intervals")) {
      const UnpairedRatio ours = unpaired_ratio(base, candidate, expected.at("confidence"));
      CHECK(ours.ratio == about(c.at("ratio")));
      check_interval(ours.interval, expected);
    }
  }
}

TEST_CASE("many unpaired times take the normal approximation, which agrees", "[statistics]") {
  // 50 against 50 is exact, 51 against 51 is not; as long as the bounds are neighbours, both are right.
  std::vector<double> base, candidate;
  for (int i = 0; i < 51; ++i) {
    base.push_back(1.0 + 0.003 * i + 0.0001 * ((i * 7) % 11));
    candidate.push_back(1.1 + 0.003 * i + 0.0001 * ((i * 5) % 13));
  }
  const UnpairedRatio approximate = unpaired_ratio(base, candidate, 0.95);
  const UnpairedRatio exact = unpaired_ratio(std::span(base).first(50), std::span(candidate).first(50), 0.95);
  CHECK(approximate.interval->low == Approx(exact.interval->low).epsilon(0.003));
  CHECK(approximate.interval->high == Approx(exact.interval->high).epsilon(0.003));
  CHECK(approximate.interval->confidence == Approx(0.95).margin(0.001));
}

TEST_CASE("intervals cover with the probability that SciPy's distributions have, exact and approximate",
          "[statistics]") {
  const auto check = [](const auto& interval, const json& expected, const std::vector<double>& sorted) {
    INFO(expected);
    const auto k = expected.at("k").get<std::size_t>();
    REQUIRE(interval.has_value() == (k > 0));
    if (k == 0) return;
    CHECK(interval->low == sorted[k - 1]);
    CHECK(interval->high == sorted[sorted.size() - k]);
    CHECK(interval->confidence == about(expected.at("coverage")));
  };
  const auto up_to = [](std::size_t n) {
    std::vector<double> values(n);
    std::iota(values.begin(), values.end(), 1.0);
    return values;
  };
  for (const json& expected : scipy("coverages").at("median")) {
    const std::vector<double> values = up_to(expected.at("n"));
    check(median_interval(values, expected.at("confidence")), expected, values);
  }
  for (const json& expected : scipy("coverages").at("unpaired")) {
    const std::vector<double> candidate = up_to(expected.at("n"));
    std::vector<double> base = up_to(expected.at("m")), quotients;
    for (double& value : base) value = std::exp2(-value);  // quotients without rounding
    for (const double b : base) {
      for (const double c : candidate) quotients.push_back(c / b);
    }
    std::sort(quotients.begin(), quotients.end());
    check(unpaired_ratio(base, candidate, expected.at("confidence")).interval, expected, quotients);
  }
}

TEST_CASE("what the machine may have done is the quantile of Student's distribution", "[statistics]") {
  for (const json& c : scipy("machine_floor")) {
    INFO(c);
    // SciPy 1.10 inverts Student's distribution to about nine digits.
    CHECK(machine_floor(numbers(c.at("ratios")), c.at("confidence")) == Approx(c.at("floor")).epsilon(1e-8));
  }
}

TEST_CASE("Holm's adjustment", "[statistics]") {
  for (const json& c : scipy("holm")) {
    const std::vector<double> ours = holm(numbers(c.at("p"))), expected = numbers(c.at("adjusted"));
    REQUIRE(ours.size() == expected.size());
    for (std::size_t i = 0; i < ours.size(); ++i) CHECK(ours[i] == about(expected[i]));
  }
  CHECK(holm({}).empty());
}

TEST_CASE("how many values an interval needs", "[statistics]") {
  CHECK(values_needed(0.5) == 2);
  CHECK(values_needed(0.95) == 6);
  CHECK(values_needed(0.99) == 8);
  CHECK(values_needed(confidence_of_each(0.95, 48)) == 11);
  CHECK(confidence_of_each(0.95, 1) == 0.95);
  CHECK(confidence_of_each(0.95, 0) == 0.95);
  const std::vector<double> five = {1, 2, 3, 4, 5};
  CHECK_FALSE(median_interval(five, 0.95));
  CHECK(paired_ratio(five, {five}, 0.95).separation() == Separation::not_separated);
  CHECK(std::isinf(noise_floor(five, five, 0.95)));
}

TEST_CASE("the noise floor is how far from 1 the interval of A/A reaches", "[statistics]") {
  const std::vector<double> one(6, 1.0), tenth(6, 1.1);
  CHECK(noise_floor(one, one, 0.95) == 0.0);
  CHECK(noise_floor(one, tenth, 0.95) == Approx(0.1));
  CHECK(noise_floor(tenth, one, 0.95) == Approx(0.1));
}

TEST_CASE("times that are none are refused", "[statistics]") {
  const std::vector<double> good = {1, 2};
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  for (const double wrong : {0.0, -1.0, nan, inf}) {
    const std::vector<double> bad = {1, wrong};
    CHECK_THROWS_AS(paired_ratio(good, bad, 0.95), std::invalid_argument);
    CHECK_THROWS_AS(paired_ratio(bad, good, 0.95), std::invalid_argument);
    CHECK_THROWS_AS(unpaired_ratio(good, bad, 0.95), std::invalid_argument);
    CHECK_THROWS_AS(unpaired_ratio(bad, good, 0.95), std::invalid_argument);
  }
  CHECK_THROWS_AS(paired_ratio(good, std::vector<double>{1}, 0.95), std::invalid_argument);
  CHECK_THROWS_AS(paired_ratio({}, {}, 0.95), std::invalid_argument);
  CHECK_THROWS_AS(unpaired_ratio({}, good, 0.95), std::invalid_argument);
  CHECK_THROWS_AS(summarize({}), std::invalid_argument);
  CHECK_THROWS_AS(percentile({1.0}, 101), std::invalid_argument);
  CHECK_THROWS_AS(median_interval({1.0}, 1.0), std::invalid_argument);
  CHECK_THROWS_AS(mann_whitney_cdf(0, 3), std::invalid_argument);
}

TEST_CASE("the verdict needs an interval off 1 and an effect that is large", "[statistics]") {
  const auto verdict = [](double low, double ratio, double high, double noise = 0.0) {
    return to_string(judge(ratio, Interval{low, high, 0.95}, 0.05, noise));
  };
  CHECK(verdict(1.04, 1.08, 1.2) == "regressed");
  CHECK(verdict(0.8, 0.9, 0.99) == "improved");
  CHECK(verdict(0.97, 1.0, 1.03) == "equivalent");
  CHECK(verdict(1.01, 1.03, 1.04) == "equivalent");    // separated from 1, and smaller than matters
  CHECK(verdict(1.01, 1.03, 1.09) == "inconclusive");  // may be larger than matters
  CHECK(verdict(0.99, 1.3, 1.6) == "inconclusive");    // large, and not separated
  CHECK(verdict(0.8, 1.0, 1.3) == "inconclusive");
  CHECK(verdict(1.04, 1.08, 1.2, 0.1) == "inconclusive");  // within the noise of A/A
  CHECK(verdict(1.0 / 1.05, 1.0, 1.05) == "equivalent");
  CHECK(verdict(0.94, 0.951, 0.96) == "improved");  // 1 / 1.05 = 0.952, and 0.94 is beyond
  CHECK(verdict(0.94, 0.953, 0.96) == "inconclusive");
  CHECK(verdict(0.951, 0.99, 1.03) == "inconclusive");  // reaches below 1 / 1.05, though not below 1 - 0.05
  CHECK(verdict(0.953, 0.99, 1.03) == "equivalent");
  CHECK(verdict(1.0, 1.08, 1.2) == "inconclusive");  // contains 1
  CHECK(verdict(0.8, 0.9, 1.0) == "inconclusive");
  CHECK(verdict(1.01, 1.05, 1.2) == "regressed");  // at least the threshold
  CHECK(verdict(0.8, 1.0 / 1.05, 0.99) == "improved");
  CHECK(verdict(0.8, 0.92, 0.99, 0.1) == "inconclusive");  // within the noise of A/A, 1 / 1.1 = 0.909
  CHECK(verdict(1.02, 1.06, 1.2, 0.04) == "regressed");    // the larger of threshold and noise, not their sum
  CHECK(verdict(0.96, 1.0, 1.07, 0.1) ==
        "inconclusive");  // equivalence is within the threshold, for any noise
  CHECK(judge(2.0, std::nullopt, 0.05, 0.0) == Verdict::inconclusive);
  CHECK(to_string(Verdict::incomparable) == "incomparable");
  CHECK_THROWS_AS(judge(1.0, std::nullopt, 0.0, 0.0), std::invalid_argument);
  CHECK_THROWS_AS(judge(1.0, std::nullopt, 0.05, -1.0), std::invalid_argument);
}
