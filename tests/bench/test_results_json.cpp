#include <algorithm>
#include <functional>

#include "bench/measure/measure.h"
#include "bench/programs/run.h"
#include "tests/catch.h"
#include "tests/support/sizes.h"

using namespace mlpbench;
using mlpbench::test::Sizes;

TEST_CASE("a curve shows all epochs where they fit, else the first ones and then ever fewer") {
  CHECK(curve_points(0, 100).empty());
  CHECK(curve_points(1, 100) == std::vector<std::size_t>{1});
  CHECK(curve_points(3, 100) == std::vector<std::size_t>{1, 2, 3});
  CHECK(curve_points(1000, 4) == std::vector<std::size_t>{1, 10, 100, 1000});
  for (const std::size_t epochs : Sizes{99, 100, 101, 102, 150, 1000, 9999, 10000, 1000000}) {
    INFO(epochs);
    const std::vector<std::size_t> points = curve_points(epochs, 100);
    CHECK(points.size() == std::min<std::size_t>(epochs, 100));
    CHECK(points.front() == 1);
    CHECK(points.back() == epochs);
    CHECK(std::adjacent_find(points.begin(), points.end(), std::greater_equal<>()) == points.end());
    CHECK(std::vector<std::size_t>(points.begin(), points.begin() + 5) ==
          std::vector<std::size_t>{1, 2, 3, 4, 5});
  }
}

TEST_CASE("results.json has the losses of at most 200 epochs of each case, and says which") {
  Selection selection;
  selection.experiments = {"worked_examples", "moons"};
  selection.backends = {"naive"};
  selection.dtypes = {"float64"};
  MeasureOptions options;
  options.rounds = 1;
  options.seconds_per_run = 1e-4;
  const Comparison comparison = measure(select_cases(selection), options, {});
  const nlohmann::ordered_json results = json_of(run_document(comparison, RunOptions()));
  REQUIRE(results.at("cases").size() == 2);
  const auto require_curve = [&](std::size_t i, std::size_t points, bool mean) {
    const TrainingTrace& trace = comparison.cases.at(i).run->trace;
    const auto& record = results.at("cases").at(i).at("record");
    INFO(results.at("cases").at(i).at("name"));
    CHECK(record.at("loss_per_epoch").is_null());
    CHECK(record.at("mean_loss_per_epoch").is_null());
    const auto& curve = record.at("loss_curve");
    REQUIRE(curve.at("epoch").size() == points);
    REQUIRE(curve.at("loss").size() == points);
    REQUIRE(curve.at("mean_loss").is_array() == mean);
    for (std::size_t k = 0; k < points; ++k) {
      const std::size_t epoch = curve.at("epoch").at(k);
      CHECK(curve.at("loss").at(k) == trace.loss_per_epoch.at(epoch - 1));
      if (mean) CHECK(curve.at("mean_loss").at(k) == trace.mean_loss_per_epoch.at(epoch - 1));
    }
    CHECK(curve.at("epoch").back() == trace.loss_per_epoch.size());
  };
  require_curve(0, 200, false);  // 1000 epochs of the whole batch
  require_curve(1, 10, true);    // 10 epochs of small ones
  // What was written is read to the last field, in the same order.
  const Document read = document_of(results, "results.json");
  CHECK(json_of(read).dump() == results.dump());
  CHECK(read.not_stated.empty());
  CHECK(read.date.size() == std::string("2026-01-02T03:04:05Z").size());
  CHECK(read.build.git_commit_date.size() >= std::string("unknown").size());
  // Every record has the same keys. An older file lacks those without a value, and is read as the same.
  const auto keys_of = [](const nlohmann::ordered_json& object) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    return keys;
  };
  CHECK(keys_of(results.at("cases").at(0).at("record")) == keys_of(results.at("cases").at(1).at("record")));
  CHECK(keys_of(results.at("cases").at(0).at("record")) == keys_of(json_of(RecordFacts())));
  nlohmann::ordered_json older = results;
  for (nlohmann::ordered_json& entry : older.at("cases")) {
    for (const std::string& key : keys_of(entry.at("record")))
      if (entry.at("record").at(key).is_null()) entry.at("record").erase(key);
  }
  CHECK(older.at("cases").at(0).at("record").size() < results.at("cases").at(0).at("record").size());
  CHECK(json_of(document_of(older, "older.json")).dump() == results.dump());
}
