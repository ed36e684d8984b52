#include <cmath>

#include "bench/measure/measure.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

/// A row with these times in the rounds it took part in.
CaseResult row(const char* backend, std::vector<double> times) {
  CaseResult result;
  result.what = {&all_experiments().front(), &find_backend(backend), DType::float64, ""};
  result.visits = {times, times};
  result.seconds = std::move(times);
  return result;
}

}  // namespace

TEST_CASE("a speed is of the rounds that row and base were both timed in", "[measure]") {
  Comparison comparison;
  const std::vector<double> base = {8, 16, 8, 16, 8, 16, 800, 800, 800};
  comparison.cases = {row("naive", base), row("blas", {4, 8, 4, 8, 4, 8}), row("armadillo", {})};
  CHECK(comparison.comparisons() == 1);
  CHECK(comparison.confidence_of_one() == 0.95);
  const std::optional<PairedRatio> speed = comparison.speed_of(comparison.cases[1]);
  REQUIRE(speed);
  CHECK(speed->rounds == 6);
  CHECK(speed->ratio == Approx(2.0));
  CHECK(speed->interval->low == Approx(2.0));
  CHECK(speed->separation() == Separation::faster);
  CHECK_FALSE(comparison.speed_of(comparison.cases[0]));
  CHECK_FALSE(comparison.speed_of(comparison.cases[2]));
}

TEST_CASE("more speeds in a run make each interval wider", "[measure]") {
  Comparison comparison;
  const std::vector<double> times = {1, 2, 3, 4, 5, 6};
  comparison.cases = {row("naive", times), row("blas", times), row("armadillo", times)};
  CHECK(comparison.comparisons() == 2);
  CHECK(comparison.confidence_of_one() == Approx(0.975));
  CHECK_FALSE(comparison.speed_of(comparison.cases[1])->interval);
  CHECK(comparison.epoch_interval_of(comparison.cases[1])->low == 1.0);
}

TEST_CASE("the noise of a row is between its two parts", "[measure]") {
  Comparison comparison;
  comparison.cases = {row("naive", {1, 1, 1, 1, 1, 1})};
  CHECK(comparison.noise_of(comparison.cases[0]) == 0.0);
  comparison.cases[0].visits[1].assign(6, 1.25);
  CHECK(comparison.noise_of(comparison.cases[0]) == Approx(0.25));
  comparison.cases[0].visits = {std::vector<double>{1.0}, std::vector<double>{1.0}};
  CHECK(std::isinf(comparison.noise_of(comparison.cases[0])));
}
