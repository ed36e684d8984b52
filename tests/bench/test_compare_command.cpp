#include <regex>

#include "tests/bench/results_document.h"
#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using Arguments = std::vector<std::string>;
using nlohmann::json;

namespace {

/// A base and a candidate whose case digits takes `factor` times as long, and nine others as long as before.
struct Pair {
  TemporaryFolder folder;
  std::string base, candidate;

  explicit Pair(double factor) {
    ResultsDocument before(1), after(2);
    before.add("digits/avx2/float64", 1e-3);
    before.add("moons/avx2/float64", 1e-4);
    before.add_quiet_cases(8);
    after.add("digits/avx2/float64", 1e-3 * factor);
    after.add("moons/avx2/float64", 1e-4);
    after.add_quiet_cases(8);
    base = folder.write("base.json", before.json.dump());
    candidate = folder.write("candidate.json", after.json.dump());
  }
  Finished compare(const std::vector<std::string>& more = {}, const ChildOptions& options = {}) const {
    return run("mlpbench", joined({"compare", base, candidate}, more), options);
  }
};

}  // namespace

TEST_CASE("mlpbench compare: exit code and table") {
  const Finished slower = Pair(1.2).compare();
  INFO(slower.out << slower.err);
  CHECK(slower.exit_code == 1);
  CHECK(slower.out.find("digits/avx2/float64  regressed") != std::string::npos);
  CHECK(slower.out.find("moons") == std::string::npos);
  CHECK(slower.out.find("REGRESSED: 1 case. 10 cases: 1 regressed, 9 equivalent.") != std::string::npos);

  const Finished same = Pair(1.0).compare();
  CHECK(same.exit_code == 0);
  CHECK(same.out == "No regression. 10 cases: 10 equivalent.\n");
  CHECK(Pair(1.2).compare({"--threshold", "0.5"}).exit_code == 0);
  CHECK(Pair(1.2).compare({"--case-threshold", "digits=0.5"}).exit_code == 0);
  CHECK(Pair(1.2).compare({"--case-threshold", "moons=0.5"}).exit_code == 1);
  CHECK(Pair(1.2).compare({"--quiet"}).out.empty());
}

TEST_CASE("mlpbench compare writes Markdown, JSON, JUnit and GitHub's benchmark list") {
  const Pair pair(1.2);
  const auto file = [&](const char* name) { return pair.folder.file(name); };
  pair.folder.write("summary", "before\n");
  const Finished finished = pair.compare(
      {"--markdown", file("m"), "--json", file("j"), "--junit", file("x"), "--github-benchmark", file("g")},
      {.environment = {{"GITHUB_STEP_SUMMARY", file("summary")}}});
  INFO(finished.err);
  REQUIRE(finished.exit_code == 1);
  const std::string markdown = read_file(file("m"));
  CHECK(markdown.find("**REGRESSED: 1 case.") != std::string::npos);
  CHECK(markdown.find(" Largest changes: digits/avx2/float64 1.2") != std::string::npos);
  CHECK(markdown.find("| digits/avx2/float64 | regressed |") != std::string::npos);
  CHECK(read_file(file("summary")) == "before\n" + markdown);

  const json numbers = json::parse(read_file(file("j")));
  CHECK(numbers.at("exit_code") == 1);
  CHECK(numbers.at("cases").at(0).at("verdict") == "regressed");
  CHECK(numbers.at("cases").at(0).at("ratio").get<double>() == Approx(1.2).epsilon(0.02));
  CHECK(numbers.at("cases").at(0).at("interval").at("confidence").get<double>() >= 0.975);

  const std::string junit = read_file(file("x"));
  CHECK(junit.find("tests=\"10\" failures=\"1\" skipped=\"0\"") != std::string::npos);
  CHECK(junit.find("<failure message=\"regressed: 1.") != std::string::npos);

  const json list = json::parse(read_file(file("g")));
  REQUIRE(list.size() == 10);
  CHECK(list.at(0).at("name") == "digits/avx2/float64");
  CHECK(list.at(0).at("unit") == "us/epoch");
  CHECK(list.at(0).at("value").get<double>() == Approx(1200).epsilon(0.02));
}

TEST_CASE("FILE - is stdout, instead of the table") {
  const Pair pair(1.2);
  const Finished numbers = pair.compare({"--json", "-", "--quiet", "--junit", pair.folder.file("x")});
  CHECK(numbers.exit_code == 1);
  CHECK(json::parse(numbers.out).at("exit_code") == 1);
  CHECK(pair.compare({"--markdown", "-"}).out.starts_with("## mlpbench compare\n"));
  CHECK(pair.compare({"--junit", "-"}).out.starts_with("<?xml"));
  CHECK(json::parse(pair.compare({"--github-benchmark", "-"}).out).size() == 10);
  const Finished both = pair.compare({"--json", "-", "--markdown", "-"});
  CHECK(both.exit_code == 2);
  CHECK(both.err == "mlpbench: --json: --markdown has stdout\n");
}

TEST_CASE("several candidates are each compared with the base, and the gravest decides") {
  const Pair slower(1.2), same(1.0);
  const Arguments arguments = {"compare", same.base, same.candidate, slower.candidate};
  const Finished both = run("mlpbench", arguments);
  INFO(both.out << both.err);
  CHECK(both.exit_code == 1);
  CHECK(both.out.find("candidate.json: No regression. 10 cases: 10 equivalent.\n") != std::string::npos);
  CHECK(both.out.find("candidate.json: REGRESSED: 1 case.") != std::string::npos);
  CHECK(std::regex_search(
      both.out,
      std::regex("\ndigits/avx2/float64 +[0-9.]+ [mu]s +equivalent [0-9.]+x +regressed 1.[12][0-9]*x\n")));
  const json list = json::parse(run("mlpbench", joined(arguments, {"--json", "-"})).out);
  REQUIRE(list.size() == 2);
  CHECK(list.at(1).at("exit_code") == 1);
  CHECK(run("mlpbench", joined(arguments, {"--junit", slower.folder.file("x")})).err ==
        "mlpbench: --junit: takes one candidate\n");
}

TEST_CASE("a step summary that does not end in a line break gets one") {
  const Pair pair(1.0);
  const auto summary_after = [&](const std::string& before) {
    const std::string file = pair.folder.write("summary", before);
    REQUIRE(pair.compare({}, {.environment = {{"GITHUB_STEP_SUMMARY", file}}}).exit_code == 0);
    return read_file(file);
  };
  CHECK(summary_after("before").starts_with("before\n## mlpbench compare"));
  CHECK(summary_after("before\n").starts_with("before\n## mlpbench compare"));
  CHECK(summary_after("").starts_with("## mlpbench compare"));
}

TEST_CASE("mlpbench compare refuses bad options and files in one line") {
  const Pair pair(1.0);
  const auto refused = [](const Finished& finished, const std::string& words) {
    INFO(finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.find(words) != std::string::npos);
  };
  refused(pair.compare({"--threshold", "-1"}), "--threshold");
  refused(pair.compare({"--case-threshold", "digits"}), "REGEX=PART");
  refused(pair.compare({"--case-threshold", "=0.1"}), "REGEX=PART");
  refused(pair.compare({"--case-threshold", "[=0.1"}), "regular expression");
  refused(pair.compare({"--json", pair.folder.file("none/j")}), "--json");
  refused(run("mlpbench", {"compare", pair.base, pair.folder.file("missing")}), "missing: cannot be read");
  refused(run("mlpbench", {"compare", pair.base}), "CANDIDATE");
}

TEST_CASE("mlpbench compare takes what mlpbench run writes") {
  const TemporaryFolder folder;
  const Finished measured = run("mlpbench", {"run", "--quick", "--studies", "none", "--rounds", "6",
                                             "--experiment", "moons", "--output", folder.path()});
  INFO(measured.err);
  REQUIRE(measured.exit_code == 0);
  const std::string results = folder.file("results.json");
  const Finished same = run("mlpbench", {"compare", results, results});
  INFO(same.out << same.err);
  // The very same times: nothing is slower, everything can be compared, and at worst noise lets none be
  // judged.
  CHECK((same.exit_code == 0 || same.exit_code == 3));
  CHECK(same.out.find("incomparable") == std::string::npos);
  CHECK(same.out.find("too few") == std::string::npos);
}
