// Speeds against any base, from the times in a document.

#include "bench/results/speeds.h"
#include "support/error.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

ReportCase row(const std::string& backend, std::vector<double> times, const std::string& library = "") {
  ReportCase result;
  result.name = "moons/" + backend + "/float64";
  result.experiment = "moons", result.backend = backend, result.dtype = "float64",
  result.trainer = "mini-batch";
  result.recorded.emplace().library = library;
  if (!times.empty()) result.seconds.median = median(times);
  result.epoch_seconds = std::move(times);
  return result;
}

Document document_of_rows(std::vector<ReportCase> rows) {
  Document document;
  document.method.confidence = 0.95;
  for (const ReportCase& one : rows) document.suite.backends.push_back(one.backend);
  document.cases = std::move(rows);
  return document;
}

}  // namespace

TEST_CASE("a speed is of the rounds that row and base were both timed in", "[results]") {
  Document document = document_of_rows({row("naive", {8, 16, 8, 16, 8, 16, 800, 800, 800}),
                                        row("fast", {4, 8, 4, 8, 4, 8}), row("untimed", {})});
  set_speeds("--base", "naive", document);
  CHECK(document.method.base == "naive");
  CHECK(document.method.comparisons.value == 1);
  CHECK(document.method.confidence_of_each == 0.95);
  REQUIRE(document.cases[1].speed);
  const SpeedFact& speed = *document.cases[1].speed;
  CHECK(speed.rounds.value == 6);
  CHECK(speed.ratio == Approx(2.0));
  CHECK(speed.interval->low == Approx(2.0));
  CHECK(speed.that_is == "faster");
  CHECK(speed.base == "moons/naive/float64");
  CHECK_FALSE(document.cases[0].speed);
  CHECK_FALSE(document.cases[2].speed);
}

TEST_CASE("another base turns the ratios round", "[results]") {
  Document document =
      document_of_rows({row("naive", {8, 16, 8, 16, 8, 16}), row("fast", {4, 8, 4, 8, 4, 8})});
  set_speeds("--base", "naive", document);
  set_speeds("--base", "fast", document);
  CHECK_FALSE(document.cases[1].speed);
  CHECK(document.cases[0].speed->ratio == Approx(0.5));
  CHECK(document.cases[0].speed->that_is == "slower");
}

TEST_CASE("more speeds in a document make each interval wider", "[results]") {
  const std::vector<double> times = {1, 2, 3, 4, 5, 6};
  Document document = document_of_rows({row("naive", times), row("one", times), row("other", times)});
  set_speeds("--base", "naive", document);
  CHECK(document.method.comparisons.value == 2);
  CHECK(document.method.confidence_of_each == Approx(0.975));
  CHECK_FALSE(document.cases[1].speed->interval);
}

TEST_CASE("without a name the base is openblas, else the fastest library, else naive", "[results]") {
  const std::vector<double> slow = {4, 4, 4}, fast = {2, 2, 2};
  Document all =
      document_of_rows({row("naive", slow), row("openblas", slow, "OpenBLAS"), row("eigen", fast, "Eigen")});
  CHECK(usual_base(all) == "openblas");
  Document libraries = document_of_rows({row("naive", fast), row("netlib", slow, "netlib"),
                                         row("eigen", fast, "Eigen"), row("openblas", {}, "OpenBLAS")});
  CHECK(usual_base(libraries) == "eigen");
  Document own = document_of_rows({row("avx2", fast), row("naive", slow)});
  CHECK(usual_base(own) == "naive");
}

TEST_CASE("a base without times is refused, and the others are named", "[results]") {
  Document document = document_of_rows({row("naive", {1, 1, 1}), row("mkl", {})});
  CHECK_THROWS_WITH(set_speeds("--base", "mkl", document),
                    "--base: no case of 'mkl' has times; those that have: naive");
}

TEST_CASE("a file of the version before has its speeds computed again", "[results]") {
  nlohmann::json json = test::small_report_document();
  json["schema_version"] = kOldestResultsSchemaVersion;
  for (nlohmann::json& one : json["cases"]) {
    if (one.contains("speed")) one["speed_against_naive"] = one["speed"];
    one.erase("speed");
  }
  json["method"].erase("base");
  const Document document = document_of(json, "results.json");
  CHECK(document.method.base == "naive");
  CHECK(document.method.comparisons.value == 1);
  const auto has_speed = [](const ReportCase& one) { return one.speed.has_value(); };
  CHECK(std::count_if(document.cases.begin(), document.cases.end(), has_speed) == 1);
}
