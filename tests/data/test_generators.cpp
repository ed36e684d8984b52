#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "core/data/generators.h"
#include "tests/catch.h"
#include "tests/support/reference.h"

using namespace mlpbench;
using mlpbench::test::numbers;
using mlpbench::test::reference;

namespace {

// sin and cos are the C library's here and in NumPy's reference files, but another release of it may round
// another way. The distance of two doubles near 1 and the cancellation in 1 - cos t make this the allowance.
constexpr double kRounding = 4e-16;

/// Of a matrix or of targets.
template <typename Rows>
std::vector<double> flat(const Rows& rows) {
  std::vector<double> out;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t j = 0; j < rows.cols(); ++j) out.push_back(rows(i, j));
  }
  return out;
}

// NaN, and a difference in length, count as infinitely far.
double max_distance(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double distance = std::abs(a[i] - b[i]);
    if (!(distance <= most)) most = std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
  }
  return most;
}

}  // namespace

TEST_CASE("make_moons equals scikit-learn's", "[data][generators]") {
  const Dataset moons = make_moons(1000, 0.2, 42);
  REQUIRE(moons.samples() == 1000);
  REQUIRE(moons.features() == 2);
  REQUIRE(moons.outputs() == 1);
  REQUIRE(max_distance(flat(moons.X), numbers(reference("moons").at("X"))) <= kRounding);
  REQUIRE(flat(moons.Y) == numbers(reference("moons").at("y")));
}

TEST_CASE("a million moons are scikit-learn's too", "[data][generators]") {
  // make_moons(n_samples=1000000, noise=0.2, random_state=42)
  const Dataset moons = make_moons(1'000'000, 0.2, 42);
  const auto row = [&](std::size_t i) {
    return std::vector<double>{moons.X(i, 0), moons.X(i, 1), moons.Y(i, 0)};
  };
  const auto is = [&](std::size_t i, double x, double y, double label) {
    REQUIRE(max_distance(row(i), {x, y, label}) <= kRounding);
  };
  is(0, 0x1.115761fa754b8p+1, 0x1.43ccff0886c4ep-2, 1);
  is(1, 0x1.54fedb26f2916p-1, 0x1.8480f99f101f9p-2, 0);
  is(499'999, 0x1.737ac56ed2c70p+0, -0x1.37fcd8770b42cp-1, 1);
  is(999'999, 0x1.c049a55fd5b6bp-1, 0x1.4fadfe2920c5ap-1, 0);
}

TEST_CASE("the teacher's samples are NumPy's", "[data][generators]") {
  const Dataset data = teacher_labels(5000, 28, 0.05, 42);
  REQUIRE(data.features() == 28);
  REQUIRE(data.outputs() == 1);
  const std::vector<double> X = flat(data.X), Y = flat(data.Y);
  REQUIRE(std::vector<double>(X.begin(), X.begin() + 3 * 28) ==
          numbers(reference("teacher").at("first_rows")));
  REQUIRE(std::vector<double>(Y.begin(), Y.begin() + 100) == numbers(reference("teacher").at("labels")));
}

TEST_CASE("the teacher's labels are balanced, and as many turned round as asked for", "[data][generators]") {
  const std::vector<double> clean = flat(teacher_labels(20'000, 5, 0.0, 3).Y);
  const std::vector<double> noisy = flat(teacher_labels(20'000, 5, 0.2, 3).Y);
  REQUIRE(std::count(clean.begin(), clean.end(), 1.0) == Approx(10'000).margin(4 * 71));
  std::size_t turned = 0;
  for (std::size_t i = 0; i < clean.size(); ++i) turned += clean[i] != noisy[i];
  REQUIRE(static_cast<double>(turned) == Approx(4'000).margin(4 * 57));

  REQUIRE_THROWS_AS(teacher_labels(10, 0, 0.1, 1), std::invalid_argument);
  for (const double noise : {-0.1, 0.5, std::numeric_limits<double>::quiet_NaN()}) {
    REQUIRE_THROWS_AS(teacher_labels(10, 2, noise, 1), std::invalid_argument);
  }
}

TEST_CASE("make_moons with an odd number of samples, little or no noise", "[data][generators]") {
  // make_moons(n_samples=5, random_state=3)
  const Dataset plain = make_moons(5, std::nullopt, 3);
  REQUIRE(max_distance(flat(plain.X),
                       {1.0, -0.5, 2.0, 0.5, -1.0, 0x1.1a62633145c07p-53, 1.0, 0.0, 0.0, 0.5}) <= kRounding);
  REQUIRE(flat(plain.Y) == std::vector<double>{1, 1, 0, 0, 1});

  // make_moons(n_samples=7, noise=0.3, random_state=11)
  const Dataset noisy = make_moons(7, 0.3, 11);
  REQUIRE(max_distance(flat(noisy.X), {-0x1.2536f02ab396cp+0, -0x1.978cbb26bd1dap-1, 0x1.7f5d1e1855caep+0,
                                       -0x1.d900325c027aap-2, 0x1.5b25bfeef4462p-2, -0x1.15eb169be2d32p-2,
                                       0x1.102b18d270f26p+1, 0x1.714b24b448fd4p-3, -0x1.1040b93ea6e37p-2,
                                       0x1.6ddacbb8c68acp-2, 0x1.34f7b4ba155cfp+0, 0x1.58cbe5a6cd386p-3,
                                       -0x1.911083376b40ap-2, 0x1.540c7109a62f1p-1}) <= kRounding);
  REQUIRE(flat(noisy.Y) == std::vector<double>{0, 1, 1, 1, 1, 0, 0});

  // make_moons(n_samples=1, random_state=0): linspace of a single point is its start
  const Dataset single = make_moons(1, std::nullopt, 0);
  REQUIRE(flat(single.X) == std::vector<double>{0.0, 0.5});
  REQUIRE(flat(single.Y) == std::vector<double>{1.0});

  REQUIRE(flat(make_moons(6, 0.0, 3).X) == flat(make_moons(6, std::nullopt, 3).X));
  REQUIRE(make_moons(0, 0.2, 1).samples() == 0);
}

TEST_CASE("make_moons refuses a noise that is none", "[data][generators]") {
  REQUIRE_THROWS_AS(make_moons(10, -0.1, 0), std::invalid_argument);
  REQUIRE_THROWS_AS(make_moons(10, std::nan(""), 0), std::invalid_argument);
  REQUIRE_THROWS_AS(make_moons(10, HUGE_VAL, 0), std::invalid_argument);
}

TEST_CASE("planar_flower equals the notebook's data and leaves its stream", "[data][generators]") {
  RandomState stream(1);
  const Dataset flower = planar_flower(stream);
  REQUIRE(flower.samples() == 400);
  const std::vector<double> expected = numbers(reference("planar").at("X"));  // (2 x 400)
  std::vector<double> by_feature;
  for (std::size_t j = 0; j < 2; ++j) {
    for (std::size_t i = 0; i < 400; ++i) by_feature.push_back(flower.X(i, j));
  }
  // radius is up to 4.5 and amplifies the rounding of sin(4 angle)
  REQUIRE(max_distance(by_feature, expected) <= 8 * kRounding);
  REQUIRE(flat(flower.Y) == numbers(reference("planar").at("Y")));

  RandomState after(1);
  std::vector<double> drawn(800);
  after.standard_normal(drawn);
  REQUIRE(stream.standard_normal() == after.standard_normal());

  REQUIRE_THROWS_AS(planar_flower(stream, 401), std::invalid_argument);
}

TEST_CASE("linear_regression equals the notebook's data", "[data][generators]") {
  RandomState stream(42);
  std::vector<double> weights(10 + 10);
  stream.standard_normal(weights);
  const Dataset line = linear_regression(stream, 100);
  REQUIRE(line.features() == 1);
  REQUIRE(flat(line.X) == numbers(reference("regression").at("X")));
  REQUIRE(flat(line.Y) == numbers(reference("regression").at("y")));
}
