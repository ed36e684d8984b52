#include <stdexcept>
#include <vector>

#include "core/data/dataset.h"
#include "core/metrics.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

std::vector<double> row(const Targets& targets, std::size_t sample) {
  std::vector<double> values(targets.cols());
  targets.copy_row(sample, values);
  return values;
}

const std::vector<std::size_t> kLabels{2, 0, 1, 2};

}  // namespace

TEST_CASE("classes read as one-hot rows", "[data][targets]") {
  Targets targets = Targets::one_hot(kLabels, 3);
  REQUIRE(targets.rows() == 4);
  REQUIRE(targets.cols() == 3);
  REQUIRE(row(targets, 0) == std::vector<double>{0, 0, 1});
  REQUIRE(row(targets, 1) == std::vector<double>{1, 0, 0});
  REQUIRE(row(targets, 2) == std::vector<double>{0, 1, 0});
  REQUIRE(targets(3, 2) == 1.0);
  REQUIRE(targets(3, 1) == 0.0);
  REQUIRE_THROWS_AS(targets.values(), std::logic_error);
  REQUIRE_THROWS_AS(Targets::one_hot(kLabels, 2), std::out_of_range);
  REQUIRE_THROWS_AS(Targets::one_hot(kLabels, (std::size_t{1} << 24) + 1), std::out_of_range);
}

TEST_CASE("classes and their one-hot numbers are the same targets", "[data][targets]") {
  const Targets classes = Targets::one_hot(kLabels, 3);
  Matrix<double> numbers(4, 3), X(4, 1), outputs(3, 4);
  for (std::size_t i = 0; i < 4; ++i) numbers(i, kLabels[i]) = outputs((i + 1) % 3, i) = 1.0;
  const Targets same = numbers;
  REQUIRE(!same.is_one_hot());
  for (std::size_t i = 0; i < 4; ++i) REQUIRE(classes.class_of(i) == same.class_of(i));
  REQUIRE(sha256_of({X, classes}, {}) == sha256_of({X, same}, {}));
  REQUIRE(accuracy(outputs.view(), classes) == accuracy(outputs.view(), same));
  REQUIRE(confusion_matrix(outputs.view(), classes) == confusion_matrix(outputs.view(), same));
  REQUIRE(mean_squared_error(outputs.view(), classes) == mean_squared_error(outputs.view(), same));

  const std::vector<std::size_t> rows{3, 1, 1};
  const Targets chosen = classes.select(rows);
  REQUIRE(chosen.rows() == 3);
  REQUIRE(chosen.class_of(0) == 2);
  REQUIRE(row(chosen, 2) == row(same.select(rows), 2));
  REQUIRE(classes.select({}).rows() == 0);
}
