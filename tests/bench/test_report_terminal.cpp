#include <regex>
#include <sstream>

#include "bench/report/reports.h"
#include "support/escape.h"
#include "support/text.h"
#include "support/unicode.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"

using namespace mlpbench;
using nlohmann::json;

namespace {

std::string console_at(std::size_t columns, bool color = false) {
  return console_report(test::input_of(test::report_document()), {columns, color});
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("tables fit a terminal of 80 columns and more, and columns leave in their order", "[report]") {
  // What leaves: the distance from the reference first, then GFLOP/s, samples/s, the spread of the accuracy.
  const char* const leaving[] = {"parity with", "GFLOP/s (of peak)", "samples/s", "[10 seeds]"};
  std::size_t left = std::size(leaving);
  for (const std::size_t columns : {80u, 100u, 120u, 140u, 160u, 200u}) {
    const std::string text = console_at(columns);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      INFO(columns << ": " << line);
      CHECK(display_width(line) <= columns);
    }
    std::size_t missing = 0;
    for (const char* title : leaving) missing += !has(text, title);
    INFO(columns << "\n" << text);
    for (std::size_t i = 0; i < std::size(leaving); ++i) CHECK(has(text, leaving[i]) == (i >= missing));
    CHECK(missing <= left);
    left = missing;
    CHECK(has(text, "against naive"));
    CHECK(has(text, "time/epoch"));
  }
  CHECK(left == 0);
  CHECK(has(console_report(test::input_of(test::report_document())), "parity with"));
}

TEST_CASE("the summary comes first: a line for each experiment, then the verdict", "[report]") {
  const std::string text = console_at(100);
  INFO(text);
  CHECK(std::regex_search(text, std::regex("\nmoons +avx2 float32 +[0-9.]+x \\[.*\\] +\\S+( float64)?, "
                                           "[0-9.]+x")));
  CHECK(has(text, "correct: 8/8"));  // said once, since it is so in every row
  const std::size_t summary = text.find("\nmoons "), verdict = text.find("\nCORRECT: "),
                    table = text.find("\nmoons: ");
  CHECK(summary < verdict);
  CHECK(verdict < table);
}

TEST_CASE("colours are for verdicts, and only where they are wanted", "[report]") {
  const std::string text = console_at(120, true);
  CHECK(has(text, "\x1b[32mCORRECT\x1b[0m: all 40 cases"));
  CHECK(has(text, "\x1b[32mfaster"));
  CHECK_FALSE(has(console_at(120), "\x1b"));
  CHECK(std::regex_replace(text, std::regex("\x1b\\[[0-9]+m"), "") == console_at(120));
}

TEST_CASE("wrapped lines keep their words and their indent", "[report]") {
  CHECK(wrapped("one two three", 7) == "one two\nthree");
  CHECK(wrapped("one two three", 8, "  ") == "one two\n  three");
  CHECK(wrapped("unbreakable", 4) == "unbreakable");
  CHECK(wrapped("", 4).empty());
}

TEST_CASE("a mistyped word finds its nearest", "[report]") {
  const std::vector<std::string> words = {"--quick", "--quiet", "--base"};
  CHECK(did_you_mean("--quik", words) == "; did you mean --quick?");
  CHECK(did_you_mean("--qucik", words) == "; did you mean --quick?");
  CHECK(did_you_mean("--rounds", words).empty());
  CHECK(did_you_mean("x", {}).empty());
  CHECK(slug("Intel(R) Xeon(R) @ 2.1 GHz") == "intel-r-xeon-r-2-1-ghz");
  CHECK(slug("???") == "-");
}
