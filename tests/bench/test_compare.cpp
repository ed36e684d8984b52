#include <array>

#include "bench/compare/outputs.h"
#include "support/error.h"
#include "support/text.h"
#include "tests/bench/results_document.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using mlpbench::test::compared;
using mlpbench::test::ResultsDocument;
using nlohmann::json;

namespace {

/// Two documents of one case, the first, among quiet ones; `change` sees both entries before they are
/// compared.
template <typename Change>
CompareResult one_case(double factor, Change change, const CompareOptions& options = {}) {
  ResultsDocument base(1), candidate(2);
  base.add_quiet_cases(9);
  candidate.add_quiet_cases(9);
  json& before = base.add("moons/avx2/float64", 1e-4);
  json& after = candidate.add("moons/avx2/float64", 1e-4 * factor);
  change(before, after);
  return compared(base.json, candidate.json, options);
}
CompareResult one_case(double factor, const CompareOptions& options = {}) {
  const auto nothing = [](json&, json&) {};
  return one_case(factor, nothing, options);
}

}  // namespace

TEST_CASE("compare: slower, faster and as fast", "[compare]") {
  const CompareResult slower = one_case(1.1), faster = one_case(0.8), same = one_case(1.0);
  CHECK(slower.cases.at(0).verdict == Verdict::regressed);
  CHECK(*slower.cases.at(0).ratio == Approx(1.1).epsilon(0.01));
  CHECK(slower.exit_code() == 1);
  CHECK(faster.cases.at(0).verdict == Verdict::improved);
  CHECK(faster.exit_code() == 0);
  CHECK(same.cases.at(0).verdict == Verdict::equivalent);
  CHECK(same.exit_code() == 0);
}

TEST_CASE("compare: threshold, case thresholds and noise floor withhold a verdict", "[compare]") {
  CompareOptions options;
  options.threshold = 0.2;
  CHECK(one_case(1.1, options).cases.at(0).verdict == Verdict::equivalent);
  options = {};
  options.case_thresholds = {{"moons/.*", 0.2}, {"digits", 0.01}};
  CHECK(one_case(1.1, options).cases.at(0).threshold == 0.2);
  options.case_thresholds.emplace_back("avx2", 0.03);
  CHECK(one_case(1.1, options).cases.at(0).threshold == 0.03);
  options.case_thresholds = {{"[", 0.2}};
  CHECK_THROWS_AS(one_case(1.1, options), UserError);

  const auto noisy = [](json& before, json& after) {
    ResultsDocument::set_noise(before, 0.3);
    ResultsDocument::set_noise(after, 0.02);
  };
  const CompareResult withheld = one_case(1.1, noisy);
  CHECK(withheld.cases.at(0).verdict == Verdict::inconclusive);
  CHECK(withheld.cases.at(0).noise_floor == Approx(0.3));
  CHECK(withheld.exit_code() == 0);
  CHECK(one_case(1.1, noisy, {.strict = true}).exit_code() == 3);
  CHECK(one_case(1.1, [](json& before, json&) { before.erase("part_seconds"); }).cases.at(0).verdict ==
        Verdict::inconclusive);
}

TEST_CASE("compare: fewer than six rounds are inconclusive", "[compare]") {
  const auto cut = [](json&, json& after) {
    json& times = after["epoch_seconds"];
    times.erase(times.begin() + 5, times.end());
    ResultsDocument::set_noise(after, 0.0);
  };
  const CompareResult few = one_case(2.0, cut);
  CHECK(few.cases.at(0).verdict == Verdict::inconclusive);
  CHECK(few.cases.at(0).reason == "15 and 5 values are too few");
}

TEST_CASE("compare: what differs is named, and nothing is compared", "[compare]") {
  const auto reason = [](auto change) {
    const CompareResult result = one_case(1.1, change);
    CHECK(result.cases.at(0).verdict == Verdict::incomparable);
    CHECK_FALSE(result.cases.at(0).ratio);
    CHECK(result.exit_code() == 3);
    return result.cases.at(0).reason;
  };
  const auto record = [&](const char* key, const json& value) {
    return reason([&](json&, json& after) { after["record"][key] = value; });
  };
  CHECK(record("isa", "AVX-512") == "instruction set: AVX2+FMA against AVX-512");
  CHECK(record("blas_core", "Zen") == "BLAS core: - against Zen");
  CHECK(record("threads", 2) == "threads: 1 against 2");
  CHECK(record("layers", {2, 5, 1}) == "network: [2,4,1] against [2,5,1]");
  CHECK(record("seed", 1) == "seed: 42 against 1");
  CHECK(record("dataset", {{"test_rows", 10}}) ==
        "data: {\"features\":2,\"training_rows\":800,\"test_rows\":200} against "
        "{\"features\":null,\"training_rows\":null,\"test_rows\":10}");
  CHECK(record("build", {{"backend_flags", "-O1"}}) == "flags: -mavx2 against -O1");
  CHECK(record("threads_used", 2) == "threads used: - against 2");
  CHECK(record("force_parallel", true) == "forced parallelism: - against true");
  CHECK(record("workers", 8) == "workers: - against 8");
  CHECK(record("local_steps", 4) == "local steps: - against 4");
  CHECK(record("sync_epochs", 1) == "synchronous epochs: - against 1");
  CHECK(record("hogwild_form", "fast") == "form of hogwild: - against fast");
  CHECK(record("ensemble_of", "full-batch") == "trainer of the ensemble: - against full-batch");
  CHECK(record("ensemble", {{"members", {json::object(), json::object(), json::object()}}}) ==
        "members: - against 3");
  CHECK(record("target_loss", 0.5) == "target loss: - against 0.5");
  CHECK(record("target_accuracy", 0.9) == "target accuracy: - against 0.9");
  CHECK(record("keep_incomplete_batch", true) == "last batch: - against true");
  CHECK(record("loss", "mean squared error") == "loss: - against mean squared error");
  CHECK(record("samples", 5000) == "samples: - against 5000");
  CHECK(record("label_noise", 0.1) == "label noise: - against 0.1");
  for (const auto& [key, one, other, words] : std::initializer_list<std::array<const char*, 4>>{
           {"dataset_sha256", "aa", "bb", "SHA-256 of the data: aa against bb"},
           {"subnormals", "flush", "keep", "subnormals: flush against keep"}}) {
    CHECK(reason([key = key, one = one, other = other](json& before, json& after) {
            before["record"][key] = one, after["record"][key] = other;
          }) == words);
    const auto only_after = [key = key, one = one](json&, json& after) { after["record"][key] = one; };
    CHECK(one_case(1.0, only_after).cases.at(0).verdict == Verdict::equivalent);  // the base is older
  }
  CHECK(reason([](json& before, json& after) {
          before["record"]["workers"] = 4;
          after["record"]["workers"] = 8;
        }) == "workers: 4 against 8");
  CHECK(reason([](json&, json& after) { after["unavailable"] = "no AVX2"; }) ==
        "cannot run for the candidate: no AVX2");
  CHECK(reason([](json&, json& after) { after["name"] = "other"; }) == "the candidate lacks it");
  CHECK(reason([](json& before, json&) { before["wrong"] = "W1"; }) == "the base is wrong: W1");
  CHECK(reason([](json&, json& after) {
          after["epoch_seconds"] = json::array();
          after["part_seconds"] = {json::array(), json::array()};
        }) == "no times");

  for (const auto& [group, key, value, expected] :
       std::vector<std::tuple<const char*, const char*, json, std::string>>{
           {"machine", "cpu", "B", "processor: A processor against B"},
           {"machine", "cores_allowed", 4, "cores: 2 against 4"},
           {"build", "compiler", "Clang", "compiler: GCC 12.2.0 against Clang"},
           {"build", "build_type", "Debug", "build type: Release against Debug"}}) {
    ResultsDocument base(1), candidate(2);
    base.add("a", 1.0);
    candidate.add("a", 1.0);
    candidate.json[group][key] = value;
    CHECK(compared(base.json, candidate.json).cases.at(0).reason == expected);
    // Said once, not for every case; the times stand side by side, without a ratio.
    base.add_quiet_cases(2);
    candidate.add_quiet_cases(2);
    const CompareResult apart = compared(base.json, candidate.json);
    const std::string what = expected.substr(0, expected.find(':'));
    const std::string text = compare_console(apart), markdown = compare_markdown(apart);
    INFO(text << markdown);
    CHECK(text.find("quiet/1 ") != std::string::npos);
    CHECK(text.find("\n" + what + "  ") != std::string::npos);
    CHECK(text.ends_with(
        wrapped("Nothing could be judged. 3 cases: 3 incomparable. The two sides were measured under "
                "different conditions: no verdict.",
                110) +
        "\n"));
    CHECK(markdown.find("\n| " + what + " | ") != std::string::npos);
    CHECK(compare_tone(apart).empty());
    CHECK(apart.exit_code() == kExitInconclusive);
  }
}

TEST_CASE("compare: with one run a side, what moves all cases is taken for the machine", "[compare]") {
  // All cases 8 % slower: another clock, or a change of everything. Nothing tells.
  const auto shifted = [](double all, double one, int cases = 10) {
    ResultsDocument base(1), candidate(2);
    for (int i = 0; i < cases; ++i) {
      base.add("case" + std::to_string(i), 1.0);
      candidate.add("case" + std::to_string(i), i == 0 ? one : all);
    }
    return compared(base.json, candidate.json);
  };
  const CompareResult together = shifted(1.08, 1.08);
  CHECK(together.machine_floor == Approx(std::exp(std::log(1.08) * 4.773 / 0.6745) - 1).epsilon(0.1));
  CHECK(together.count(Verdict::inconclusive) == 10);
  CHECK(together.cases.at(0).reason.starts_with("one run a side: "));
  CHECK(compare_console(together).find("One run a side") != std::string::npos);
  CHECK(compare_markdown(together).find("One run a side") != std::string::npos);
  // One case among quiet ones stands out, and one that the machine's change hides does not.
  CHECK(shifted(1.0, 1.1).cases.at(0).verdict == Verdict::regressed);
  CHECK(shifted(1.05, 1.1).cases.at(0).verdict == Verdict::inconclusive);
  CHECK(shifted(1.05, 1.0).cases.at(0).verdict == Verdict::inconclusive);
  CHECK(shifted(1.05, 1.6).cases.at(0).verdict == Verdict::regressed);
  // A single case has no others to be compared with.
  const CompareResult alone = shifted(1.0, 1.5, 1);
  CHECK(alone.cases.at(0).verdict == Verdict::inconclusive);
  CHECK(alone.exit_code() == 3);
  CHECK(compare_verdict(alone) == "Nothing could be judged. 1 case: 1 inconclusive.");
}

TEST_CASE("compare: several runs a side need no allowance for the machine", "[compare]") {
  const auto folder_of = [](double factor, std::uint32_t seed) {
    const test::TemporaryFolder folder;
    for (std::uint32_t run = 0; run < 8; ++run) {
      ResultsDocument document(seed + run);
      document.add("a", factor);
      folder.write(std::to_string(run) + ".json", document.json.dump());
    }
    return read_results(folder.path());
  };
  const CompareResult slower = compare(folder_of(1.0, 10), folder_of(1.1, 20), {});
  CHECK(slower.base.runs == 8);
  CHECK(slower.machine_floor == 0.0);
  CHECK(slower.cases.at(0).verdict == Verdict::regressed);
  CHECK(compare_markdown(slower).find("One run a side") == std::string::npos);
}

TEST_CASE("compare: cases of one side alone, and those that never ran", "[compare]") {
  ResultsDocument base(1), candidate(2);
  base.add("both", 1.0);
  base.add_quiet_cases(3);
  candidate.add_quiet_cases(3);
  base.add("never", 1.0)["unavailable"] = "no AVX-512";
  candidate.add("new", 1.0);
  candidate.add("never", 1.0)["unavailable"] = "no AVX-512";
  candidate.add("both", 1.0);
  const CompareResult result = compared(base.json, candidate.json);
  REQUIRE(result.cases.size() == 4);
  CHECK(result.new_cases == std::vector<std::string>{"new"});
  CHECK(result.exit_code() == 0);
  CHECK(compared(ResultsDocument(1).json, ResultsDocument(2).json).exit_code() == 3);
}

TEST_CASE("compare: a wrong or less accurate result is its own exit code", "[compare]") {
  const auto code = [](auto change) { return one_case(1.0, change).exit_code(); };
  const auto accuracy = [&](const char* dtype, double value) {
    return code([&](json& before, json& after) {
      before["record"]["dtype"] = after["record"]["dtype"] = dtype;
      after["record"]["test_accuracy"] = value;
    });
  };
  CHECK(code([](json&, json& after) { after["wrong"] = "loss"; }) == 4);
  CHECK(accuracy("float64", 0.815) == 4);  // one sample of 200
  CHECK(accuracy("float32", 0.815) == 0);
  CHECK(accuracy("float32", 0.81) == 4);
  CHECK(accuracy("float64", 0.9) == 0);
  const auto mse = [&](double value) {
    return code([&](json& before, json& after) {
      before["record"]["test_mse"] = 1.0;
      after["record"]["test_mse"] = value;
    });
  };
  CHECK(mse(1.0005) == 0);
  CHECK(mse(1.002) == 4);
}

TEST_CASE("compare: false verdicts stay below 5 % of comparisons of the same code", "[compare][rigor]") {
  int regressed = 0;
  for (std::uint32_t run = 0; run < 10; ++run) {
    ResultsDocument base(100 + run), candidate(200 + run);
    for (int i = 0; i < 20; ++i) {
      // No noise, and a threshold that any effect passes: what remains is the statistics.
      base.add("case" + std::to_string(i), 1.0);
      candidate.add("case" + std::to_string(i), 1.0);
    }
    const CompareResult result = compared(base.json, candidate.json, {.threshold = 1e-9});
    regressed += result.count(Verdict::regressed) + result.count(Verdict::improved) > 0;
  }
  CHECK(regressed <= 2);  // of ten runs of twenty cases, each wrong with 5 %
}
