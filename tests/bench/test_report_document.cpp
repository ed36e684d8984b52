#include "bench/report/document.h"
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
  CHECK(row.samples_per_second() == Approx(455.0 / row.median));
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
  CHECK(changed("/schema_version", 0).starts_with("has schema version 0, and this mlpbench reads"));
  const char* const kNoResult = "is not a result of `mlpbench run`: ";
  CHECK(changed("/cases/1/seconds/median", "fast").starts_with(kNoResult));
  CHECK(changed("/cases/1/threads", -1).starts_with(kNoResult));
  CHECK(changed("/cases/1/speed_against_naive", 2.0).starts_with(kNoResult));
  CHECK(changed("/cases/1/record/confusion_matrix", {1, 2}).starts_with(kNoResult));
  CHECK(changed("/curves", 3).starts_with(kNoResult));
  CHECK(changed("/curves/0/seeds", {1}).starts_with(kNoResult));
  CHECK(changed("/curves/0/loss/2", {0.5}).starts_with(kNoResult));
  CHECK(changed("/boundaries/0/naive", {0.5}).starts_with(kNoResult));
  CHECK(changed("/boundaries/0/x", {0.5}).starts_with(kNoResult));
  CHECK(changed("/boundaries/0/grid", 1000000).starts_with(kNoResult));
  CHECK(changed("/boundaries/0/test/0", {1.0}).starts_with(kNoResult));
  CHECK(changed("/roofline/points/0/flops", "many").starts_with(kNoResult));
  CHECK(changed("/scaling/0/speedup/rounds", "none").starts_with(kNoResult));
  CHECK(changed("/time_to_accuracy/0/seeds", "ten").starts_with(kNoResult));
  CHECK(changed("/machine", json::array()).starts_with(kNoResult));
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
                            "speed_against_naive", "stopped"}) {
      entry[key] = nullptr;
    }
  }
  CHECK(error_of(document).empty());
}
