#include "bench/compare/compare.h"
#include "support/error.h"
#include "tests/bench/results_document.h"
#include "tests/catch.h"
#include "tests/support/refusal.h"

using namespace mlpbench;
using mlpbench::test::ResultsDocument;
using nlohmann::json;

namespace {

std::string error_of(const std::string& content) { return test::refusal_of(content, read_results); }

}  // namespace

TEST_CASE("compare: a file that is no result is refused in one line", "[compare]") {
  ResultsDocument good(1);
  good.add("a", 1.0);
  REQUIRE(error_of(good.json.dump()).empty());
  const std::string text = good.json.dump();
  for (std::size_t length = 0; length < text.size(); length += 7) {
    INFO("the first " << length << " bytes");
    CHECK(error_of(text.substr(0, length)).starts_with("is no JSON, or not all of it"));
  }
  const auto changed = [&](const char* pointer, const json& value) {
    json document = good.json;
    document[json::json_pointer(pointer)] = value;
    return error_of(document.dump());
  };
  CHECK(changed("/schema_version", 1) == "has schema version 1, and this mlpbench reads 2 and 3");
  CHECK(changed("/status", "interrupted") ==
        "is of an interrupted run, which `mlpbench run --resume` goes on with");
  CHECK(changed("/schema_version", 4) == "has schema version 4, and this mlpbench reads 2 and 3");
  CHECK(changed("/cases", "none") == "cases: must be a list, but is of type string");
  CHECK(changed("/cases/0/epoch_seconds/3", -1.0) == "cases[0].epoch_seconds[3]: is no time");
  CHECK(changed("/cases/0/epoch_seconds/3", 0.0) == "cases[0].epoch_seconds[3]: is no time");
  CHECK(changed("/cases/0/epoch_seconds/3", nullptr) == "cases[0].epoch_seconds[3]: is no time");
  CHECK(changed("/cases/0/epoch_seconds/3", "fast") ==
        "cases[0].epoch_seconds[3]: must be a number, but is of type string");
  CHECK(changed("/cases/0/part_seconds/1/3", -0.1) == "cases[0].part_seconds[1][3]: is no time");
  CHECK(changed("/cases/0/part_seconds/1", {1.0}) == "cases[0].part_seconds[1]: has 1 entries instead of 15");
  CHECK(changed("/cases/0/part_seconds/1", json::array()) ==
        "cases[0].part_seconds[1]: has 0 entries instead of 15");
  CHECK(changed("/cases/0/part_seconds", {1.0}) == "cases[0].part_seconds: has 1 entries instead of 2");
  CHECK(changed("/cases/0/record", nullptr) == "cases[0].record: is missing");
  CHECK(changed("/cases/0/record/layers", nullptr) == "cases[0].record.layers: is missing");
  CHECK(changed("/cases/0/record/epochs", 1e300) ==
        "cases[0].record.epochs: must be a whole number, but is 1e+300");
  CHECK(changed("/machine", 3) == "machine: must be an object, but is 3");
  json twice = good.json;
  twice["cases"].push_back(twice["cases"][0]);
  CHECK(error_of(twice.dump()) == "cases[1].name: a is there twice");
  CHECK(error_of("{}") == "is not a result of `mlpbench run`");
  CHECK(error_of("[]") == "is not a result of `mlpbench run`");
  CHECK(error_of("").starts_with("is no JSON"));
  CHECK(error_of(text + std::string(2, '\0')) ==
        "is no JSON: byte " + std::to_string(text.size() + 1) + " is a NUL");
  CHECK(error_of(text + "garbage").starts_with("is no JSON, or not all of it"));
  const std::string single = "is the record of a single program (--json), not a result of `mlpbench run`";
  CHECK(error_of(R"({"schema_version":1,"experiment":"moons","loss_per_epoch":[]})") == single);
  CHECK(error_of(R"([{"schema_version":1,"experiment":"moons","backend":"mkl","reason":"x"}])") == single);
  CHECK(error_of(R"({"schema_version":1,"verdict":"x"})")
            .starts_with("is the verdict of `mlpbench compare`, not "));
  CHECK(error_of(R"({"context":{},"benchmarks":[]})").starts_with("is Google Benchmark's, not "));
  CHECK(error_of(std::string(100'000, '[')) == "is nested deeper than 64");
}

TEST_CASE("compare: a result with times or a summary that somebody has changed is refused", "[compare]") {
  ResultsDocument good(1);
  json& entry = good.add("a", 1.0, 3);
  entry["epoch_seconds"] = {1.0, 2.0, 4.0};
  entry["part_seconds"] = {{1.0, 2.0, 4.0}, {1.0, 2.0, 4.0}};
  entry["seconds"] = {{"lowest", 1.0}, {"median", 2.0}, {"highest", 4.0}};
  REQUIRE(error_of(good.json.dump()).empty());
  const auto changed = [&](const char* pointer, double value) {
    json document = good.json;
    document[json::json_pointer(pointer)] = value;
    return error_of(document.dump());
  };
  const auto refusal = [](const std::string& key) {
    return "cases[0].seconds." + key + ": was changed by hand: the times have another";
  };
  CHECK(changed("/cases/0/epoch_seconds/1", 1.9) == refusal("median"));
  CHECK(changed("/cases/0/epoch_seconds/0", 0.9) == refusal("lowest"));
  CHECK(changed("/cases/0/seconds/median", 1.9) == refusal("median"));
  CHECK(changed("/cases/0/seconds/highest", 3.0) == refusal("highest"));
}

TEST_CASE("compare: a folder is all its files, each of which counts once", "[compare]") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(read_results(folder.path()), folder.path() + ": has no *.json file");
  ResultsDocument first(1), second(2);
  first.add("a", 1.0, 4);
  first.add("b", 1.0, 4);
  second.add("b", 1.0, 3);
  ResultsDocument::set_noise(second.add("a", 2.0, 3), 0.1);
  folder.write("1.json", first.json.dump());
  const std::string path = folder.write("2.json", second.json.dump());
  folder.write("notes.txt", "no JSON");

  const ResultsFile joined = read_results(folder.path());
  REQUIRE(joined.cases.size() == 2);
  CHECK(joined.path == folder.path());
  const ReportCase& a = joined.cases[0];
  CHECK(a.name == "a");
  REQUIRE(a.epoch_seconds.size() == 2);
  CHECK(a.epoch_seconds[0] == Approx(1.0).epsilon(0.05));
  CHECK(a.epoch_seconds[1] == Approx(2.0).epsilon(0.05));
  CHECK(a.part_seconds[0].size() == 7);
  // Neither part alone has rounds enough for a noise floor.
  CHECK(a.noise_floor == Approx(0.1));
  CHECK(joined.cases[1].noise_floor == 0.0);

  const auto refused = [&](const char* pointer, const json& value, const std::string& what) {
    json changed = second.json;
    changed[json::json_pointer(pointer)] = value;
    folder.write("2.json", changed.dump());
    CHECK_THROWS_WITH(read_results(folder.path()),
                      path + ": " + what + " is not that of " + folder.file("1.json"));
  };
  refused("/cases/1/name", "c", "the list of cases");
  refused("/build/git_commit", "def", "the commit");
  refused("/machine/cpu", "B", "processor");
  refused("/cases/1/record/threads", 2, "threads of a");

  json wrong = second.json;
  wrong["cases"][0]["wrong"] = "loss";
  folder.write("2.json", wrong.dump());
  CHECK(read_results(folder.path()).cases[1].wrong == "loss");
  CHECK_THROWS_AS(join_results({}), std::invalid_argument);
}
