#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/data/csv.h"
#include "core/data/dataset.h"
#include "core/data/preprocessing.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/reference.h"

using namespace mlpbench;
using mlpbench::test::data_file;
using mlpbench::test::integers;
using mlpbench::test::numbers;
using mlpbench::test::reference;

namespace {

using Rows = std::vector<std::size_t>;

std::vector<double> list(std::span<const double> values) { return {values.begin(), values.end()}; }

std::vector<double> row(const Matrix<double>& matrix, std::size_t i) {
  return {matrix.row(i), matrix.row(i) + matrix.cols()};
}

}  // namespace

TEST_CASE("StandardScaler equals scikit-learn's on the data files, bit for bit", "[data][preprocessing]") {
  for (const std::string name : {"breast_cancer", "digits"}) {  // digits has columns that are constant
    CAPTURE(name);
    const CsvTable table = read_csv(data_file(name + ".csv"));
    Matrix<double> X = numeric_matrix(table, table.columns() - 1);
    const StandardScaler scaler = StandardScaler::fit(X.view());
    scaler.transform(X.view());
    const auto& expected = reference("variants").at("scaled").at(name);
    REQUIRE(list(scaler.mean()) == numbers(expected.at("mean")));
    REQUIRE(list(scaler.variance()) == numbers(expected.at("variance")));
    REQUIRE(list(scaler.scale()) == numbers(expected.at("scale")));
    REQUIRE(row(X, 0) == numbers(expected.at("first_row")));
    REQUIRE(row(X, X.rows() - 1) == numbers(expected.at("last_row")));
  }
}

TEST_CASE("StandardScaler on a constant and an ill-conditioned column", "[data][preprocessing]") {
  // numpy.array([[.1, 5, 1e8], [.1, 7, 1e8 + 1], [.1, 9, 1e8 + 3]] * 4 + [[.1, 1, 1e8]])
  Matrix<double> X(13, 3);
  for (std::size_t i = 0; i < 13; ++i) {
    X(i, 0) = 0.1;
    X(i, 1) = i == 12 ? 1.0 : 5.0 + 2.0 * static_cast<double>(i % 3);
    X(i, 2) = 1e8 + (i % 3 == 2 ? 3.0 : static_cast<double>(i % 3));
  }
  const StandardScaler scaler = StandardScaler::fit(X.view());
  REQUIRE(list(scaler.mean()) ==
          std::vector<double>{0x1.999999999999ap-4, 0x1.a276276276276p+2, 0x1.7d78404ec4ec5p+26});
  REQUIRE(list(scaler.variance()) == std::vector<double>{0.0, 0x1.4122d719c060fp+2, 0x1.8fe7c368854d4p+0});
  REQUIRE(list(scaler.scale()) == std::vector<double>{1.0, 0x1.1eb96d8e6c268p+1, 0x1.3ff64e04358acp+0});
  scaler.transform(X.view());
  REQUIRE(row(X, 1) == std::vector<double>{0.0, 0x1.a5f8be37096dfp-3, -0x1.7a23168193a7cp-3});
}

TEST_CASE("StandardScaler calls a column constant when only rounding varies it", "[data][preprocessing]") {
  // numpy.array([[1, 0], [1 + eps, 1], [1, 2], [1 + eps, 3], [1, 4]])
  Matrix<double> X(5, 2);
  for (std::size_t i = 0; i < 5; ++i) {
    X(i, 0) = i % 2 == 0 ? 1.0 : 0x1.0000000000001p+0;
    X(i, 1) = static_cast<double>(i);
  }
  const StandardScaler scaler = StandardScaler::fit(X.view());
  REQUIRE(scaler.variance()[0] == 0x1.eb851eb851eb8p-107);
  REQUIRE(scaler.scale()[0] == 1.0);
  scaler.transform(X.view());
  REQUIRE(X(1, 0) == 0x1p-52);
}

TEST_CASE("StandardScaler refuses what has no finite statistics", "[data][preprocessing]") {
  REQUIRE_THROWS_AS(StandardScaler::fit(Matrix<double>(0, 2).view()), std::invalid_argument);
  for (const double bad : {std::nan(""), HUGE_VAL, 1e200}) {
    Matrix<double> X(2, 3);
    X(1, 2) = bad;
    REQUIRE_THROWS_WITH(
        StandardScaler::fit(X.view()),
        "standardisation: column 3 has no finite variance (values too large, infinite or NaN)");
  }
  const StandardScaler scaler = StandardScaler::fit(Matrix<double>(2, 3).view());
  Matrix<double> other(2, 2);
  REQUIRE_THROWS_AS(scaler.transform(other.view()), std::invalid_argument);
}

TEST_CASE("train_test_split equals scikit-learn's", "[data][preprocessing]") {
  const auto check = [](const std::string& name, std::size_t samples, std::uint32_t seed) {
    const Split split = train_test_split(samples, 0.2, seed);
    REQUIRE(split.train_rows == integers(reference(name).at("train_rows")));
    REQUIRE(split.test_rows == integers(reference(name).at("test_rows")));
  };
  check("breast_cancer", 569, 42);
  check("moons", 1000, 42);
  check("digits", 1797, 42);

  // train_test_split(numpy.arange(n), test_size=f, random_state=s)
  REQUIRE(train_test_split(7, 0.25, 1).test_rows == Rows{6, 2});
  REQUIRE(train_test_split(7, 0.25, 1).train_rows == Rows{1, 0, 4, 3, 5});
  REQUIRE(train_test_split(10, 0.33, 5).test_rows == Rows{9, 5, 2, 4});
  REQUIRE(train_test_split(10, 0.33, 5).train_rows == Rows{7, 1, 0, 8, 6, 3});
  REQUIRE(train_test_split(2, 0.2, 0).test_rows == Rows{1});
}

TEST_CASE("train_test_split refuses a fraction outside (0, 1) and too few samples", "[data][preprocessing]") {
  for (const double fraction : {0.0, 1.0, -0.2, 1.5, std::nan("")}) {
    REQUIRE_THROWS_WITH(train_test_split(10, fraction, 1),
                        "train-test split: the test fraction must lie between 0 and 1, both excluded");
  }
  REQUIRE_THROWS_WITH(train_test_split(1, 0.2, 1), "train-test split: 1 sample leaves no training sample");
  REQUIRE_THROWS_AS(train_test_split(0, 0.2, 1), UserError);
  REQUIRE_THROWS_AS(train_test_split(3, 0.9, 1), UserError);
}

TEST_CASE("select_rows takes rows in the given order", "[data]") {
  Dataset data{Matrix<double>(4, 3), Matrix<double>(4, 2)};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 3; ++j) data.X(i, j) = static_cast<double>(10 * i + j);
    for (std::size_t j = 0; j < 2; ++j) data.Y.values()(i, j) = static_cast<double>(100 * i + j);
  }
  Dataset chosen = select_rows(data, Rows{3, 1, 1});
  REQUIRE(chosen.samples() == 3);
  REQUIRE(row(chosen.X, 0) == std::vector<double>{30, 31, 32});
  REQUIRE(row(chosen.X, 2) == std::vector<double>{10, 11, 12});
  REQUIRE(row(chosen.Y.values(), 0) == std::vector<double>{300, 301});
  REQUIRE(row(chosen.Y.values(), 1) == std::vector<double>{100, 101});
  REQUIRE(select_rows(data, {}).samples() == 0);
}
