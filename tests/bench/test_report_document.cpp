#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "bench/results/document.h"
#include "support/json_fields.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"
#include "tests/support/refusal.h"

using namespace mlpbench;
using nlohmann::json;

namespace {

std::string error_of(const json& document) { return test::refusal_of(document.dump(), read_document); }

}  // namespace

TEST_CASE("report: a document is read with all of its sections", "[report]") {
  const Document document = document_of(test::report_document(), "results.json");
  CHECK(document.cases.size() == 50);
  CHECK(document.curves.size() == 15);
  CHECK(document.time_to_accuracy.size() == 15);
  CHECK(document.scaling.size() == 12);
  REQUIRE(document.roofline);
  CHECK(document.roofline->points.size() == 32);
  CHECK(document.boundaries.size() == 2);
  const ReportCase& row = document.cases[1];
  CHECK(row.name == "breast_cancer/avx2/float64");
  CHECK(row.epoch_seconds.size() == 20);
  CHECK(row.samples_per_second() == Approx(455.0 / row.seconds.median));
  REQUIRE(row.speed);
  CHECK(row.speed->base == "breast_cancer/naive/float64");
  CHECK(document.cases[0].unavailable == "this CPU lacks AVX-512F");
  CHECK_FALSE(document.cases[0].timed());
}

TEST_CASE("report: a document that cannot be is refused in one line", "[report]") {
  const json good = test::report_document();
  REQUIRE(error_of(good).empty());
  const auto changed = [&](const char* pointer, const json& value) {
    json document = good;
    document[json::json_pointer(pointer)] = value;
    return error_of(document);
  };
  CHECK(changed("/schema_version", 0) == "has schema version 0, and this mlpbench reads 2 and 3");
  CHECK(changed("/cases/1/seconds/median", "fast") ==
        "cases[1].seconds.median: must be a number, but is of type string");
  CHECK(changed("/cases/1/threads", -1) == "cases[1].threads: must be a whole number, but is -1");
  CHECK(changed("/cases/1/speed", 2.0) == "cases[1].speed: must be an object, but is 2.0");
  CHECK(changed("/cases/1/record/confusion_matrix", {1, 2}) ==
        "cases[1].record.confusion_matrix[0]: must be a list, but is 1");
  CHECK(changed("/curves", 3) == "curves: must be a list, but is 3");
  CHECK(changed("/curves/0/seeds", {1}) == "curves[0].seconds_per_epoch: has 10 entries instead of 1");
  CHECK(changed("/curves/0/loss/2", {0.5}) == "curves[0].loss[2]: has 1 entries instead of 60");
  CHECK(changed("/boundaries/0/naive", {0.5}) == "boundaries[0].naive: has 1 entries instead of 1600");
  CHECK(changed("/boundaries/0/x", {0.5}) == "boundaries[0].x: has 1 entries instead of 2");
  CHECK(changed("/boundaries/0/grid", 1000000) == "boundaries[0].grid: is above 400");
  CHECK(changed("/boundaries/0/test/0", {1.0}) == "boundaries[0].test[0]: has 1 entries instead of 3");
  CHECK(changed("/roofline/points/0/flops", "many") ==
        "roofline.points[0].flops: must be a number, but is of type string");
  CHECK(changed("/scaling/0/speedup/rounds", "none") ==
        "scaling[0].speedup.rounds: must be a list, but is of type string");
  CHECK(changed("/time_to_accuracy/0/seeds", "ten") ==
        "time_to_accuracy[0].seeds: must be a whole number, but is of type string");
  CHECK(changed("/machine", json::array()) == "machine: must be an object, but is of type array");
  const std::string text = good.dump();
  CHECK(test::refusal_of(text.substr(0, text.size() / 2), read_document).starts_with("is no JSON"));
  CHECK(test::refusal_of("{\"schema_version\": 1e999}", read_document) == "has a number beyond 1.8e308");
}

TEST_CASE("report: a document may lack every section, and may know nothing", "[report]") {
  json document = test::small_report_document();
  for (const char* section : {"status", "command", "selection", "measurement", "method"})
    document.erase(section);
  CHECK(error_of(document).empty());
  for (json& entry : document["cases"]) {
    for (const char* key : {"parity", "seconds", "noise_floor", "flop_per_epoch", "peak_flops", "over_seeds",
                            "speed", "stopped"}) {
      entry[key] = nullptr;
    }
  }
  CHECK(error_of(document).empty());
}

TEST_CASE("report: a seed that diverged is a null in the place of its losses", "[report]") {
  json document = test::report_document();
  document["curves"][0]["loss"][1] = nullptr;
  document["curves"][0]["seconds_per_epoch"][1] = nullptr;
  const std::string name = document["curves"][0]["experiment"];
  const Document read = document_of(document, "results.json");
  const auto found = std::find_if(read.curves.begin(), read.curves.end(), [&](const CurveFact& curve) {
    return curve.experiment == name && std::isnan(curve.seconds_per_epoch[1]);
  });
  REQUIRE(found != read.curves.end());
  CHECK(std::isnan(found->loss[1].at(59)));
  CHECK(std::isfinite(found->loss[0].at(59)));
}

TEST_CASE("results: an older file of the same version lacks added fields, which is noted", "[results]") {
  const json now = test::report_document();
  const Document whole = document_of(now, "results.json");
  json older = now;
  older.erase("date");
  older.erase("suite");
  for (json& entry : older["cases"]) {
    if (!entry.contains("record")) continue;
    for (const char* field : {"dataset_sha256", "subnormals"}) entry["record"].erase(field);
  }
  const Document read = document_of(older, "results.json");
  const std::vector<std::string>& lacking = read.not_stated;
  for (const char* field : {"date", "suite", "cases[].record.dataset_sha256", "cases[].record.subnormals"}) {
    INFO(field);
    CHECK(std::count(lacking.begin(), lacking.end(), field) == 1);
    CHECK(std::count(whole.not_stated.begin(), whole.not_stated.end(), field) == 0);
  }
  CHECK(read.date.empty());
  // Without the suite's names the order is that of the cases.
  CHECK(read.suite.backends.front() == "avx512");
  CHECK(read.cases.size() == now["cases"].size());
}

TEST_CASE("results: a newer file of the same version has fields that are passed over", "[results]") {
  json newer = test::small_report_document();
  const json known = json_of(document_of(newer, "results.json"));
  newer["tomorrow"] = {{"x", 1}};
  newer["cases"][0]["record"]["tomorrow"] = 2;
  CHECK(json(json_of(document_of(newer, "results.json"))) == known);
}

TEST_CASE("results: a setting for which the record has no field is an error of the program", "[results]") {
  RecordFacts record;
  take_fields({{"epochs", 7}, {"target_loss", nullptr}}, record);
  CHECK(record.epochs.value == 7.0);
  CHECK_THROWS_AS(take_fields({{"tomorrow", 1}}, record), std::logic_error);
}

TEST_CASE("results: docs/results-schema.md is what the program makes", "[results]") {
  const std::string path = std::string(MLPBENCH_EXPECTED_REPORTS) + "/../../../docs/results-schema.md";
  if (std::getenv("MLPBENCH_WRITE_SCHEMA") != nullptr) std::ofstream(path) << schema_markdown();
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  INFO("to write the page again: MLPBENCH_WRITE_SCHEMA=1 build/release/bin/test_bench '[results]'");
  CHECK((text == schema_markdown()));
}
