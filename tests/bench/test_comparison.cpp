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

TEST_CASE("an interval of an epoch is for the row alone", "[measure]") {
  Comparison comparison;
  comparison.cases = {row("naive", {1, 2, 3, 4, 5, 6})};
  CHECK(comparison.epoch_interval_of(comparison.cases[0])->low == 1.0);
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
