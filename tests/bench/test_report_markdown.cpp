#include <algorithm>
#include <regex>

#include "bench/report/reports.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"

using namespace mlpbench;
using nlohmann::json;

namespace {

std::string markdown_of(const json& document) { return markdown_report(test::input_of(document)); }
std::string console_of(const json& document) { return console_report(test::input_of(document)); }

std::string without_code(std::string text) {
  for (std::size_t start = 0; (start = text.find("\n```")) != std::string::npos;) {
    const std::string fence = text.substr(start, text.find_first_not_of('`', start + 1) - start) + "\n";
    const std::size_t end = text.find(fence, start + fence.size() - 1);
    REQUIRE(end != std::string::npos);
    text.erase(start, end + fence.size() - start);
  }
  return text;
}

}  // namespace

TEST_CASE("report.md: verdict, tables, machine and folds, in this order", "[report]") {
  const std::string text = markdown_of(test::report_document());
  std::size_t at = 0;
  for (const char* part :
       {"# mlpbench: backends compared\n\n**CORRECT: all 40 cases that ran agree with NumPy.",
        "## Fastest of each experiment",
        "<details><summary>breast_cancer: 30-10-1, 1000 epochs of 455 samples", "naive takes ",
        " an epoch.\n\n| backend |", "against naive |",
        "\n| avx512 | float64 | unavailable: this CPU lacks AVX-512F |", "<summary>What the backends execute",
        "<summary>Time to accuracy", "<summary>Threads", "**⚠ hypervisor: KVM.", "<summary>Machine and build",
        "<details><summary>Method", "<details><summary>All cases", "<details><summary>Full provenance",
        "git checkout 0123456789abcdef"}) {
    INFO(part);
    at = text.find(part, at);
    REQUIRE(at != std::string::npos);
  }
  // A seed that did not reach the target counts as infinity.
  CHECK(std::regex_search(text, std::regex("\\| 0/10 seeds \\| ∞( \\[∞, ∞\\])? \\|")));
  CHECK(text.find("| 9/10 seeds |") != std::string::npos);
  CHECK(text.find("What changed") == std::string::npos);
}

TEST_CASE("report.md and the table say what changed against a baseline", "[report]") {
  const json document = test::small_report_document();
  ReportInput input = test::input_of(document);
  // Eight runs a side, all alike but for the candidate's first case.
  const auto runs = [&](double factor) {
    std::vector<ResultsFile> parts(8, results_of(input.document));
    for (ResultsFile& part : parts) {
      for (double& seconds : part.cases.front().epoch_seconds) seconds *= factor;
    }
    return join_results(parts);
  };
  input.change = compare(runs(1.0), runs(2.0), {});
  const std::string text = markdown_report(input);
  CHECK(text.find("## What changed\n\n**REGRESSED: 1 case.") != std::string::npos);
  CHECK(text.find("| moons/avx2/float64 | regressed |") != std::string::npos);
  CHECK(console_report(input).find("REGRESSED: 1 case.") != std::string::npos);
  CHECK(html_report(input).find("<td class=\"left bad\">regressed</td>") != std::string::npos);
}

TEST_CASE("report.md and the table do not depend on the order of the document's lists", "[report]") {
  const json document = test::report_document();
  const std::string markdown = markdown_of(document), console = console_of(document);
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    const json shuffled = test::shuffled(document, seed);
    REQUIRE(shuffled != document);
    CHECK(markdown_of(shuffled) == markdown);
    CHECK(console_of(shuffled) == console);
  }
}

TEST_CASE("report.md has at most 60 KB for every document", "[report]") {
  json document = test::report_document();
  const json cases = document["cases"];
  for (int copy = 0; copy < 60; ++copy) {
    for (json entry : cases) {
      entry["name"] = entry["name"].get<std::string>() + std::to_string(copy);
      entry["experiment"] = entry["experiment"].get<std::string>() + std::to_string(copy);
      document["cases"].push_back(entry);
    }
  }
  const std::string many = markdown_of(document);
  CHECK(many.size() <= kMaxMarkdownBytes);
  CHECK(many.find("**CORRECT: all 2440 cases") != std::string::npos);
  CHECK(many.find("<summary>Machine and build") != std::string::npos);
  CHECK(many.find("is left out here: results.json") != std::string::npos);

  json long_names = test::report_document();
  const std::string name(100'000, '<');
  for (const char* key :
       {"/machine/cpu", "/machine/os", "/build/compiler", "/command", "/machine/hypervisor"}) {
    long_names[json::json_pointer(key)] = name;
  }
  for (json& entry : long_names["cases"]) entry["experiment"] = name + entry["name"].get<std::string>();
  const std::string wide = markdown_of(long_names);
  CHECK(wide.size() <= kMaxMarkdownBytes);
  CHECK(wide.find("**CORRECT: all 40 cases") != std::string::npos);
}

TEST_CASE("report.md shows hostile names as text", "[report]") {
  // Between fences, which are longer than any run of backticks in them, everything is text.
  const std::string text = without_code(markdown_of(test::with_hostile_names(test::report_document())));
  CHECK(text.find("<script") == std::string::npos);
  CHECK(text.find("<img") == std::string::npos);
  CHECK(text.find("&lt;script>") != std::string::npos);
  CHECK(text.find("[click](") == std::string::npos);
  // Every row of a table has as many bars as its header: a name with bars makes no cells.
  std::size_t bars = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("|")) {
      bars = 0;
      continue;
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < line.size(); ++i) count += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    if (bars == 0) bars = count;
    INFO(line);
    CHECK(count == bars);
  }
}

TEST_CASE("report.md and the table stand every missing section and unknown number", "[report]") {
  const std::string nothing = markdown_of(test::bare_document());
  CHECK(nothing.find("**EMPTY: no case ran.**") != std::string::npos);
  CHECK_FALSE(console_of(test::bare_document()).empty());
  const ReportInput unknown = test::input_of(test::without_numbers(test::report_document()));
  CHECK_FALSE(test::has_word(markdown_report(unknown), "nan|inf|null"));
  CHECK_FALSE(test::has_word(console_report(unknown), "nan|inf|null"));
}

TEST_CASE("a backend that cannot run is a row of every table, with the reason", "[report]") {
  json document = test::report_document();
  const auto rows = [](const std::string& text) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(" unavailable: ", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  const auto cannot_run = [](const json& entry) { return entry.contains("unavailable"); };
  const auto expected = std::count_if(document["cases"].begin(), document["cases"].end(), cannot_run);
  REQUIRE(expected > 2);
  CHECK(rows(markdown_of(document)) == static_cast<std::size_t>(expected));
  CHECK(rows(console_of(document)) == static_cast<std::size_t>(expected));
  document["cases"].back()["unavailable"] = "out of cores";
  CHECK(console_of(document).find(" unavailable: out of cores\n") != std::string::npos);
}

TEST_CASE("what several cases lack for one reason is said once below the tables", "[report]") {
  json document = test::report_document();
  for (json& entry : document["cases"]) {
    if (entry.contains("unavailable")) continue;
    if (entry["backend"] == "avx2" || entry["backend"] == "naive") entry["parity"]["why_none"] = "of a test";
  }
  CHECK(console_of(document).find("\navx2, naive: no parity in float64, float32: of a test\n") !=
        std::string::npos);
}

TEST_CASE("the tolerances that the reports name are those of the results", "[report]") {
  json document = test::report_document();
  CHECK(markdown_of(document).find("Allowed: 1.0e-12 in float64, 2.0e-05 in float32.") != std::string::npos);
  for (json& entry : document["cases"]) {
    if (entry["experiment"] == "digits" && entry["dtype"] == "float32" && entry.contains("parity"))
      entry["parity"]["tolerance"] = 3.1e-4;
  }
  CHECK(markdown_of(document).find("2.0e-05 in float32, 3.1e-04 in float32 of digits.") != std::string::npos);
}

TEST_CASE("the table on the terminal has every backend and the verdict last", "[report]") {
  const std::string text = console_of(test::report_document());
  CHECK(text.find("breast_cancer: 30-10-1, 1000 epochs of 455 samples, full-batch (naive takes ") !=
        std::string::npos);
  CHECK(std::regex_search(text, std::regex("\navx512 +float64 +unavailable: this CPU lacks AVX-512F\n")));
  const std::string last = text.substr(text.rfind("\nCORRECT: ") + 1);
  CHECK(last.starts_with("CORRECT: all 40 cases that ran agree with NumPy. avx2 is the fastest in "));
  CHECK(last.find("\n\n") == std::string::npos);
  for (std::size_t line = 0; line < last.size(); line = last.find('\n', line) + 1)
    CHECK(last.find('\n', line) - line <= 110);  // in a file too
}
