// The folds of a cross-validation are scikit-learn's.

#include "core/data/preprocessing.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/reference.h"

namespace mlpbench::test {
namespace {

void check_folds(const std::vector<Split>& splits, const nlohmann::json& expected, std::size_t samples) {
  REQUIRE(splits.size() == expected.size());
  for (std::size_t fold = 0; fold < splits.size(); ++fold) {
    CHECK(splits[fold].test_rows == integers(expected[fold]));
    std::vector<std::size_t> all = splits[fold].train_rows;
    all.insert(all.end(), splits[fold].test_rows.begin(), splits[fold].test_rows.end());
    std::sort(all.begin(), all.end());
    REQUIRE(all.size() == samples);
    for (std::size_t row = 0; row < samples; ++row) CHECK(all[row] == row);
  }
}

}  // namespace

TEST_CASE("k_fold and stratified_k_fold are scikit-learn's, row for row", "[data][folds]") {
  for (const auto& entry : reference("folds").at("cases")) {
    const std::vector<std::size_t> labels = integers(entry.at("labels"));
    const std::size_t folds = entry.at("folds");
    const std::uint32_t seed = entry.at("seed");
    INFO(labels.size() << " rows, " << folds << " folds");
    check_folds(k_fold(labels.size(), folds, seed), entry.at("plain"), labels.size());
    check_folds(stratified_k_fold(labels, entry.at("classes"), folds, seed), entry.at("stratified"),
                labels.size());
  }
}

TEST_CASE("folds that cannot be are refused", "[data][folds]") {
  const std::vector<std::size_t> labels = {0, 0, 1, 1, 1, 2};
  CHECK_THROWS_WITH(k_fold(6, 7, 0), "--folds 7: must lie between 2 and the number of rows, 6");
  CHECK_THROWS_WITH(k_fold(6, 1, 0), "--folds 1: must lie between 2 and the number of rows, 6");
  CHECK_THROWS_WITH(stratified_k_fold(labels, 3, 4, 0),
                    "--folds 4: no class has so many rows; the largest has 3");
  CHECK(stratified_k_fold(labels, 3, 3, 0).size() == 3);
}

}  // namespace mlpbench::test
