#include <filesystem>
#include <nlohmann/json.hpp>

#include "bench/compare/history.h"
#include "bench/report/history_report.h"
#include "support/error.h"
#include "tests/bench/results_document.h"
#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench;
using mlpbench::test::read_file;
using mlpbench::test::ResultsDocument;
using mlpbench::test::TemporaryFolder;
using nlohmann::json;

namespace {

/// The result of the commit of a day of January, on a processor: "one" takes `seconds`, nine others as long
/// as ever.
json result_of(int day, double seconds, const std::string& cpu = "A processor") {
  ResultsDocument document(static_cast<std::uint32_t>(day));
  document.add("one/avx2/float64", seconds, 40);
  for (int i = 1; i <= 9; ++i) document.add("quiet/" + std::to_string(i), 1e-3, 40);
  document.json["machine"]["cpu"] = cpu;
  document.json["build"]["git_commit"] = "c0ffee" + std::to_string(100 + day) + "aaaaaaaaa";
  document.json["build"]["git_commit_date"] = "2026-01-" + std::to_string(10 + day) + "T00:00:00Z";
  return document.json;
}

std::string add(const json& result, const std::string& folder) {
  return add_to_history(document_of(result, "results.json"), folder);
}

const Trend& trend_named(const std::vector<Trend>& trends, const std::string& name) {
  return *std::ranges::find_if(trends, [&](const Trend& one) { return one.latest->name == name; });
}

}  // namespace

TEST_CASE("a result lies under its machine and the time of its commit", "[history]") {
  const TemporaryFolder folder;
  const std::string file = add(result_of(1, 1e-3), folder.path());
  const std::filesystem::path path = file;
  CHECK(path.filename() == "20260111T000000Z-c0ffee101aaa.json");
  CHECK(path.parent_path().filename().string().starts_with("a-processor-"));
  CHECK(path.parent_path().filename() == machine_name(document_of(result_of(2, 1.0), "")));
  CHECK(path.parent_path().filename() != machine_name(document_of(result_of(2, 1.0, "Another"), "")));
  // The same commit again takes its place; what is kept can be compared.
  CHECK(add(result_of(1, 2e-3), folder.path()) == file);
  CHECK(read_results(file).cases.size() == 10);
  json interrupted = result_of(3, 1e-3);
  interrupted["status"] = "interrupted";
  CHECK_THROWS_AS(add(interrupted, folder.path()), UserError);
  CHECK_THROWS_AS(read_histories(folder.file("none")), UserError);
}

TEST_CASE("the last change of a case has its commits, and nothing else changed", "[history]") {
  const TemporaryFolder folder;
  for (int day = 1; day <= 6; ++day) add(result_of(day, day < 4 ? 1e-3 : 1.5e-3), folder.path());
  const std::vector<History> histories = read_histories(folder.path());
  REQUIRE(histories.size() == 1);
  const std::vector<Trend> trends = trends_of(histories[0], {});
  REQUIRE(trends.size() == 10);
  CHECK(trends[0].latest->name == "one/avx2/float64");  // changes first
  REQUIRE(trends[0].change);
  CHECK(trends[0].change->after == 3);
  CHECK(trends[0].change->ratio == Approx(1.5).epsilon(0.02));
  CHECK(trends[0].sparkline() == "▁▁▁███");
  for (std::size_t i = 1; i < trends.size(); ++i) CHECK_FALSE(trends[i].change);
  CHECK(trend_named(trends, "quiet/1").sparkline().find("█") == std::string::npos);
  const std::string text = history_console(histories);
  INFO(text);
  CHECK(text.find("regressed 1.5x") != std::string::npos);
  CHECK(text.find("c0ffee103..c0ffee104") != std::string::npos);
}

TEST_CASE("many small steps in one direction are a change as well", "[history]") {
  const TemporaryFolder folder;
  double seconds = 1e-3;
  for (int day = 1; day <= 6; ++day, seconds *= 1.03) add(result_of(day, seconds), folder.path());
  const std::vector<Trend> trends = trends_of(read_histories(folder.path())[0], {});
  REQUIRE(trends[0].change);
  CHECK(trends[0].change->verdict == Verdict::regressed);
}

TEST_CASE("a case that a result lacks leaves a gap", "[history]") {
  const TemporaryFolder folder;
  add(result_of(1, 1e-3), folder.path());
  json gap = result_of(2, 1e-3);
  gap["cases"].erase(0);
  add(gap, folder.path());
  add(result_of(3, 1e-3), folder.path());
  CHECK(trend_named(trends_of(read_histories(folder.path())[0], {}), "one/avx2/float64").sparkline() ==
        "▁·▁");
}

TEST_CASE("mlpbench history keeps results, prints each machine and writes the page", "[history]") {
  const TemporaryFolder folder;
  const std::string history = folder.file("history");
  for (int day = 1; day <= 3; ++day) {
    const std::string file = folder.write("r.json", result_of(day, day < 3 ? 1e-3 : 2e-3).dump());
    const test::Finished kept = test::run("mlpbench", {"history", history, "--add", file});
    INFO(kept.err);
    CHECK(kept.exit_code == 0);
    CHECK(kept.out.ends_with("aaa.json\n"));
  }
  const std::string other = folder.write("r.json", result_of(4, 1e-3, "Another").dump());
  REQUIRE(test::run("mlpbench", {"history", history, "--add", other}).exit_code == 0);
  const test::Finished shown = test::run("mlpbench", {"history", history});
  CHECK(shown.out.find("a-processor-") != std::string::npos);
  CHECK(shown.out.find("another-") != std::string::npos);
  CHECK(shown.out.find("regressed 2x") != std::string::npos);
  const std::string page = test::run("mlpbench", {"history", history, "--html", "-"}).out;
  CHECK(page.find("mlpbench: history") != std::string::npos);
  CHECK(page.find(" c0ffee102aaa: 2, 1") != std::string::npos);
  CHECK(page.find("http") == page.find("http-equiv"));
  CHECK(test::run("mlpbench", {"history", folder.file("none")}).exit_code == 2);
}
