#include <algorithm>
#include <sstream>

#include "bench/results/csv.h"
#include "bench/results/speeds.h"
#include "support/child_process.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/skip.h"

using namespace mlpbench;
using nlohmann::json;

namespace {

/// The first block of Python in docs/results-schema.md.
std::string recipe() {
  const std::string text =
      test::read_file(std::string(MLPBENCH_EXPECTED_REPORTS) + "/../../../docs/results-schema.md");
  const std::size_t begin = text.find("```python\n") + 10;
  return text.substr(begin, text.find("```", begin) - begin);
}

}  // namespace

TEST_CASE("results.csv has a row for each case and round, of as many fields as titles", "[results]") {
  const Document document = document_of(test::report_document(), "results.json");
  std::size_t expected = 1;
  for (const ReportCase& row : document.cases) expected += std::max<std::size_t>(1, row.epoch_seconds.size());
  const std::string text = csv_of(document);
  CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == expected);
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  CHECK(line.starts_with("date,commit,cpu,case,experiment,backend,"));
  CHECK(line.ends_with("round,epoch_time [s],first_part [s],second_part [s]"));
  const auto commas = std::count(line.begin(), line.end(), ',');
  while (std::getline(lines, line)) {
    INFO(line);
    if (line.find('"') == std::string::npos) CHECK(std::count(line.begin(), line.end(), ',') == commas);
    CHECK(line.find("nan") == std::string::npos);
  }
  CHECK(text.find(",unavailable,this CPU lacks AVX-512F,") != std::string::npos);
}

TEST_CASE("fields of results.csv with commas, quotes and line breaks are quoted", "[results]") {
  json document = test::small_report_document();
  document["machine"]["cpu"] = "a,\"b\"\nc";
  CHECK(csv_of(document_of(document, "")).find(",\"a,\"\"b\"\"\nc\",") != std::string::npos);
}

TEST_CASE("the recipe for pandas finds the speeds of the results", "[results]") {
  if (!test::has_tool("python3")) return;
  if (run_child({"/usr/bin/python3", "-c", "import pandas"}, "").exit_code != 0) {
    return test::skip("python3-pandas is not installed");
  }
  const std::string text = recipe();
  CHECK(std::count(text.begin(), text.end(), '\n') <= 15);
  Document document = document_of(test::report_document(), "results.json");
  set_speeds("--base", "naive", document);
  const test::TemporaryFolder folder;
  folder.write("results.csv", csv_of(document));
  const std::string check = "import os\nos.chdir('" + folder.path() + "')\n" + text +
                            "for case, speed in speeds.items(): print('SPEED', case, repr(float(speed)))\n";
  const ChildResult result = run_child({"/usr/bin/python3", "-"}, check);
  INFO(text << result.errors);
  REQUIRE(result.exit_code == 0);
  std::istringstream words(result.output.substr(result.output.find("SPEED")));
  std::size_t compared = 0;
  std::string word, name;
  for (double speed = 0.0; words >> word >> name >> speed; ++compared) {
    const auto row = std::ranges::find(document.cases, name, &ReportCase::name);
    REQUIRE(row != document.cases.end());
    // Of the middle two of an even number of rounds the suite takes the geometric mean.
    if (row->speed) CHECK(speed == Approx(row->speed->ratio).epsilon(1e-3));
  }
  CHECK(compared == 40);
}
