#include "bench/compare/outputs.h"
#include "tests/bench/results_document.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using mlpbench::test::ResultsDocument;
using nlohmann::json;

namespace {

CompareResult comparison_of(const ResultsDocument& base, const ResultsDocument& candidate) {
  const test::TemporaryFolder folder;
  const auto read = [&](const char* name, const ResultsDocument& document) {
    return read_results(folder.write(name, document.json.dump()));
  };
  return compare(read("base.json", base), read("candidate.json", candidate), {});
}

}  // namespace

TEST_CASE("compare: two architectures share no times, and equal weights are named", "[compare]") {
  const auto side = [](const char* architecture) {
    ResultsDocument document(1);
    document.json["machine"]["architecture"] = architecture;
    return document;
  };
  const auto add = [](ResultsDocument& document, const char* experiment, const char* backend,
                      const char* hash) {
    json& entry = document.add(std::string(experiment) + "/" + backend + "/float64", 1e-3);
    entry["backend"] = backend;
    entry["record"]["parameters_sha256"] = hash;
    entry["record"]["isa"] = backend;
    entry["record"]["build"]["backend_flags"] = backend;
    return &entry["record"];
  };
  ResultsDocument base = side("x86_64"), candidate = side("aarch64");
  add(base, "moons", "avx2", "aa");
  add(base, "moons", "avx512", "aa");
  add(base, "moons", "naive", "bb");
  add(base, "planar", "avx2", "cc");
  add(base, "digits", "avx2", "ee");
  add(candidate, "moons", "neon", "aa");
  add(candidate, "moons", "naive", "b0");
  add(candidate, "planar", "neon", "c0");
  (*add(candidate, "digits", "neon", "ee"))["seed"] = 1;  // another training
  const CompareResult result = comparison_of(base, candidate);
  CHECK(result.exit_code() == 3);
  for (const CaseVerdict& one : result.cases) {
    CHECK(one.verdict == Verdict::incomparable);
    if (one.name == "moons/naive/float64") CHECK(one.reason == "architecture: x86_64 against aarch64");
  }
  REQUIRE(result.same_bits.size() == 2);
  CHECK(result.same_bits[0].training == "moons/float64");
  CHECK(result.same_bits[0].base == std::vector<std::string>{"avx2", "avx512"});
  CHECK(result.same_bits[0].candidate == std::vector<std::string>{"neon"});
  CHECK(result.same_bits[1].base.empty());
  for (const std::string& text : {compare_console(result), compare_markdown(result)}) {
    CHECK(text.find("The weights are the same, bit for bit, in 1 of 2 trainings of both.") !=
          std::string::npos);
    CHECK(text.find("avx2, avx512 of the base and neon of the candidate") != std::string::npos);
  }
  CHECK(compare_json(result)["same_bits"][0]["candidate"] == nlohmann::ordered_json{"neon"});
  // One architecture: times alone count.
  candidate.json["machine"]["architecture"] = "x86_64";
  CHECK(comparison_of(base, candidate).same_bits.empty());
}
