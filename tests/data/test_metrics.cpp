#include <cmath>
#include <initializer_list>
#include <stdexcept>
#include <vector>

#include "core/metrics.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

Matrix<double> matrix(std::initializer_list<std::initializer_list<double>> rows) {
  Matrix<double> out(rows.size(), rows.begin()->size());
  std::size_t i = 0;
  for (const auto& row : rows) {
    std::size_t j = 0;
    for (const double value : row) out(i, j++) = value;
    ++i;
  }
  return out;
}

/// The same rows as targets, which are sample-major.
Targets targets_of(std::initializer_list<std::initializer_list<double>> rows) {
  const Matrix<double> given = matrix(rows);
  Matrix<double> out(given.cols(), given.rows());
  for (std::size_t i = 0; i < given.rows(); ++i) {
    for (std::size_t j = 0; j < given.cols(); ++j) out(j, i) = given(i, j);
  }
  return out;
}

using Counts = std::vector<std::vector<std::size_t>>;
const double kNaN = std::nan("");

}  // namespace

TEST_CASE("with one output the class is whether it exceeds one half", "[metrics]") {
  const auto outputs = matrix({{0.9, 0.5, 0.51, 0.1, 0.7, kNaN}});
  const auto targets = targets_of({{1, 1, 1, 0, 0, 0}});
  REQUIRE(accuracy(outputs.view(), targets) == 4.0 / 6.0);
  REQUIRE(confusion_matrix(outputs.view(), targets) == Counts{{2, 1}, {1, 2}});
}

TEST_CASE("with several outputs the class is the first largest", "[metrics]") {
  // columns: plain, tie of 0 and 2, tie of 1 and 2, NaN wins as in numpy.argmax, the first NaN wins
  const auto outputs =
      matrix({{0.1, 0.4, 0.2, 0.9, kNaN}, {0.7, 0.2, 0.4, kNaN, kNaN}, {0.2, 0.4, 0.4, 0.1, 1.0}});
  const auto targets = targets_of({{0, 1, 0, 0, 1}, {1, 0, 0, 1, 0}, {0, 0, 1, 0, 0}});
  REQUIRE(accuracy(outputs.view(), targets) == 0.8);
  REQUIRE(confusion_matrix(outputs.view(), targets) == Counts{{2, 0, 0}, {0, 2, 0}, {0, 1, 0}});
}

TEST_CASE("metrics read padded views and parts of them", "[metrics]") {
  auto outputs = Matrix<double>::padded(1, 4);
  for (std::size_t j = 0; j < 4; ++j) outputs(0, j) = j < 2 ? 1.0 : 0.0;
  outputs(0, 0) = 0.0;
  const auto targets = targets_of({{1, 1, 0, 0}}), last = targets_of({{1, 0, 0}});
  REQUIRE(accuracy(outputs.view(), targets) == 0.75);
  REQUIRE(accuracy(outputs.view().columns(1, 3), last) == 1.0);
}

TEST_CASE("mean_squared_error is the mean over all entries", "[metrics]") {
  const auto outputs = matrix({{1, 2, 3}, {4, 5, 6}});
  const auto targets = targets_of({{1, 0, 3}, {1, 5, 5}});
  REQUIRE(mean_squared_error(outputs.view(), targets) == (4.0 + 9.0 + 1.0) / 6.0);
  REQUIRE(mean_squared_error(outputs.view(), targets_of({{1, 2, 3}, {4, 5, 6}})) == 0.0);
}

TEST_CASE("metrics refuse shapes that differ or are empty", "[metrics]") {
  const Matrix<double> a(2, 3), none(2, 0);
  const Targets b = Matrix<double>(4, 2), c = Matrix<double>(3, 3), no_sample = Matrix<double>(0, 2);
  REQUIRE_THROWS_AS(accuracy(a.view(), b), std::invalid_argument);
  REQUIRE_THROWS_AS(confusion_matrix(a.view(), c), std::invalid_argument);
  REQUIRE_THROWS_AS(mean_squared_error(a.view(), b), std::invalid_argument);
  REQUIRE_THROWS_AS(accuracy(none.view(), no_sample), std::invalid_argument);
  REQUIRE_THROWS_AS(mean_squared_error(none.view(), no_sample), std::invalid_argument);
}
