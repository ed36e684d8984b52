#include <algorithm>

#include "bench/compare/outputs.h"
#include "tests/bench/results_document.h"
#include "tests/catch.h"

using namespace mlpbench;
using mlpbench::test::compared;
using mlpbench::test::ResultsDocument;

TEST_CASE("compare: the order of the cases in the files changes no byte", "[compare]") {
  ResultsDocument base(1), candidate(2);
  for (const char* name : {"a", "b", "c", "d"}) base.add(name, 1.0);
  for (const char* name : {"d", "b", "a", "new2", "c", "new1"})
    candidate.add(name, name[0] == 'b' ? 1.2 : 1.0);
  const CompareResult first = compared(base.json, candidate.json);
  std::reverse(base.json["cases"].begin(), base.json["cases"].end());
  std::reverse(candidate.json["cases"].begin(), candidate.json["cases"].end());
  const CompareResult second = compared(base.json, candidate.json);
  CHECK(compare_markdown(first) == compare_markdown(second));
  CHECK(compare_console(first) == compare_console(second));
  CHECK(compare_junit(first) == compare_junit(second));
  CHECK(compare_github_benchmark(first) == compare_github_benchmark(second));
  CHECK(compare_json(first).at("cases") == compare_json(second).at("cases"));
}

TEST_CASE("compare: names from files stay text in every output", "[compare]") {
  const std::string hostile = "a|b<script>alert(1)</script>`x`[l](u)\n\x1b[31m\"&\xFF";
  ResultsDocument base(1), candidate(2);
  base.add("x", 1.0)["name"] = "x";
  CompareResult result = compared(base.json, base.json);
  result.cases.at(0).name = hostile;
  result.cases.at(0).verdict = Verdict::regressed;
  result.new_cases = {hostile};
  result.base.commit = hostile;
  for (const std::string& text : {compare_markdown(result), compare_junit(result)}) {
    INFO(text);
    CHECK(text.find("<script") == std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\xFF') == std::string::npos);
  }
  CHECK(compare_markdown(result).find("[l\\](u)") != std::string::npos);
  CHECK(compare_markdown(result).find("a\\|b") != std::string::npos);
  CHECK(compare_console(result).find('\x1b') == std::string::npos);
}
