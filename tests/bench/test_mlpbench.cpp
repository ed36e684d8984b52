#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "backends/registry.h"
#include "bench/measure/measure.h"
#include "support/cpu.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/reference.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

/// A short measurement of one small experiment into `folder`.
std::vector<std::string> short_run(const TemporaryFolder& folder, const std::vector<std::string>& more = {}) {
  return joined({"run", "--quick", "--studies", "none", "--rounds", "3", "--experiment", "moons", "--output",
                 folder.file("results")},
                more);
}

}  // namespace

TEST_CASE("the median of a summary is the middle, or the mean of the middle two") {
  const Summary odd = summarize({3.0, 1.0, 2.0});
  CHECK(odd.lowest == 1.0);
  CHECK(odd.median == 2.0);
  CHECK(odd.highest == 3.0);
  CHECK(summarize({4.0, 1.0, 2.0, 10.0}).median == 3.0);
  CHECK(summarize({5.0}).median == 5.0);
}

TEST_CASE("mlpbench run measures every backend and writes both files") {
  const TemporaryFolder folder;
  const Finished finished = run("mlpbench", short_run(folder));
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
  const auto json = nlohmann::json::parse(read_file(folder.file("results/results.json")));
  const std::string base = json.at("method").at("base");
  CHECK(finished.out.find("against " + base) != std::string::npos);
  const std::string report = read_file(folder.file("results/report.md"));
  const auto here = [](const BackendEntry& backend) { return !backend.other_architecture; };
  REQUIRE(json.at("cases").size() ==
          2 * static_cast<std::size_t>(std::ranges::count_if(all_backends(), here)));
  for (const BackendEntry& backend : all_backends()) {
    if (!here(backend)) continue;
    const std::string name(backend.name);
    INFO(name);
    const bool usable = unusable_reason(backend).empty();
    CHECK(report.find("\n| " + name + " | float32 | ") != std::string::npos);
    CHECK((report.find("\n| " + name + " | float32 | unavailable: ") != std::string::npos) == !usable);
  }
  for (const auto& entry : json.at("cases")) {
    INFO(entry.at("name").get<std::string>());
    if (!entry.at("unavailable").is_null()) continue;
    CHECK(entry.at("wrong").is_null());
    CHECK(entry.at("epoch_seconds").size() == 3);
    CHECK(entry.at("part_seconds").at(0).size() == 3);
    CHECK(entry.at("part_seconds").at(1).size() == 3);
    CHECK(entry.at("stopped") == "all rounds done");
    CHECK(entry.at("seconds").at("lowest") <= entry.at("seconds").at("median"));
    CHECK(entry.at("seconds").at("median") <= entry.at("seconds").at("p95"));
    CHECK(entry.at("seconds").at("p95") <= entry.at("seconds").at("highest"));
    CHECK(entry.at("parity").at("with") == "NumPy");
    CHECK(entry.at("parity").at("numbers").get<int>() > 200);
    CHECK(entry.at("samples_per_epoch") == 800);
    CHECK(entry.at("peak_flops").at("flops") > 1e8);
    CHECK_FALSE(entry.at("record").contains("machine"));
    CHECK_FALSE(entry.at("record").contains("test_output"));
    CHECK(entry.at("record").at("test_accuracy").get<double>() == Approx(0.82));
    const bool is_base = entry.at("name").get<std::string>().starts_with("moons/" + base + "/");
    CHECK(entry.at("speed").is_null() == is_base);
    if (is_base) continue;
    // Three rounds make no interval, and then no word but this one.
    const auto& speed = entry.at("speed");
    CHECK(speed.at("ratio") > 0.0);
    CHECK(speed.at("base_seconds") > 0.0);
    CHECK(speed.at("interval").is_null());
    CHECK(speed.at("that_is") == "not separated");
    CHECK(speed.at("p_value_holm") >= speed.at("p_value"));
  }
}

TEST_CASE("mlpbench run keeps subnormals where that is asked for, and says so of every case") {
  const TemporaryFolder folder;
  const auto mode = [&](const std::vector<std::string>& more) {
    REQUIRE(run("mlpbench", short_run(folder, joined({"--backend", "naive"}, more))).exit_code == 0);
    const auto json = nlohmann::json::parse(read_file(folder.file("results/results.json")));
    std::set<std::string> modes;
    for (const auto& entry : json.at("cases")) modes.insert(entry.at("record").at("subnormals"));
    return modes;
  };
  CHECK(mode({}) == std::set<std::string>{"flush"});
  CHECK(mode({"--subnormals", "keep"}) == std::set<std::string>{"keep"});
}

TEST_CASE("mlpbench run stops a case that is precision reached, and says why each one stopped") {
  const TemporaryFolder folder;
  const auto stops = [&](const std::vector<std::string>& more) {
    const Finished finished =
        run("mlpbench", joined({"run", "--studies", "none", "--experiment", "moons", "--backend", "naive",
                                "--dtype", "float64", "--output", folder.path()},
                               more));
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    const auto json = nlohmann::json::parse(read_file(folder.file("results.json")));
    const auto& entry = json.at("cases").at(0);
    return std::make_pair(entry.at("stopped").get<std::string>(), entry.at("epoch_seconds").size());
  };
  using Stopped = std::pair<std::string, std::size_t>;
  // Six rounds are the least that makes an interval of 95 %.
  CHECK(stops({"--quick", "--rounds", "40", "--precision", "1000000"}) == Stopped("precision reached", 6));
  CHECK(stops({"--quick", "--rounds", "7", "--precision", "0.000001"}) == Stopped("all rounds done", 7));
  CHECK(stops({"--quick", "--rounds", "40", "--precision", "0.000001", "--budget", "0.000001"}) ==
        Stopped("budget spent", 1));
}

TEST_CASE("a result that is not NumPy's is wrong: no speed, exit code 4") {
  const TemporaryFolder folder;
  auto moons = nlohmann::json::parse(read_file(std::string(MLPBENCH_REFERENCE_DIR) + "/moons.json"));
  moons["W1"][0][0] = moons["W1"][0][0].get<double>() + 1e-3;
  folder.write("moons.json", moons.dump());

  const Finished finished = run("mlpbench", short_run(folder, {"--backend", "naive"}),
                                {.environment = {{"MLPBENCH_REFERENCE_DIR", folder.file("")}}});
  CHECK(finished.exit_code == 4);
  CHECK(finished.out.find("WRONG") != std::string::npos);
  const auto json = nlohmann::json::parse(read_file(folder.file("results/results.json")));
  for (const auto& entry : json.at("cases")) {
    CHECK(entry.at("wrong").get<std::string>().find("W1") != std::string::npos);
    CHECK(entry.at("epoch_seconds").empty());
  }
}

TEST_CASE("NumPy's values that cannot be read end a run with 2 and a line that names the file") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& experiments, const std::string& file) {
    const Finished finished =
        run("mlpbench",
            {"run", "--quick", "--studies", "none", "--rounds", "3", "--experiment", experiments, "--backend",
             "naive", "--no-progress", "--output", folder.file("results")},
            {.environment = {{"MLPBENCH_REFERENCE_DIR", folder.file("")}}});
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.err == "mlpbench: " + folder.file(file) + ": cannot read the reference values\n");
    CHECK_FALSE(std::filesystem::exists(folder.file("results/results.json")));
  };
  refused("moons", "moons.json");
  folder.write("moons.json", read_file(std::string(MLPBENCH_REFERENCE_DIR) + "/moons.json"));
  refused("moons,regression", "regression.json");
}

TEST_CASE("a run of which no case ran ends with 3") {
  const TemporaryFolder folder;
  // The worked examples have two samples, too few for mini-batches of 32.
  const auto exit_code = [&](const std::string& trainers) {
    return run("mlpbench",
               {"run", "--quick", "--studies", "none", "--rounds", "3", "--experiment", "worked_examples",
                "--backend", "naive", "--trainer", trainers, "--output", folder.path()})
        .exit_code;
  };
  CHECK(exit_code("mini-batch") == 3);
  CHECK(exit_code("own,mini-batch") == 0);
}

TEST_CASE("mlpbench run and report say what changed against a baseline") {
  const TemporaryFolder folder;
  REQUIRE(run("mlpbench", short_run(folder)).exit_code == 0);
  const std::string results = folder.file("results/results.json"),
                    base = folder.write("base.json", read_file(results));
  const Finished again = run("mlpbench", short_run(folder, {"--baseline", base}));
  INFO(again.err);
  REQUIRE(again.exit_code == 0);
  CHECK(read_file(folder.file("results/report.md")).find("## What changed") != std::string::npos);
  CHECK(read_file(folder.file("results/report.html")).find("id=\"change\"") != std::string::npos);

  // `mlpbench report` makes the same files of the same results, and prints the same table.
  const std::string html = read_file(folder.file("results/report.html"));
  const Finished reported =
      run("mlpbench", {"report", results, "--baseline", base, "--output", folder.file("other")});
  CHECK(reported.exit_code == 0);
  CHECK((read_file(folder.file("other/report.html")) == html));
  CHECK((read_file(folder.file("other/report.md")) == read_file(folder.file("results/report.md"))));
  const Finished table = run("mlpbench", {"report", results, "--baseline", base});
  CHECK(again.out.starts_with(table.out));
  CHECK(run("mlpbench", {"report", folder.file("results"), "--baseline", base}).out == table.out);
  CHECK((run("mlpbench", {"report", folder.file("results"), "--html", "-", "--baseline", base}).out == html));
  CHECK(run("mlpbench", {"report", results, "--html", "-", "--md", "-"}).exit_code == 2);
  // The page needs no other program.
  const Finished alone = run("mlpbench", {"report", results, "--baseline", base, "--html", "-"},
                             {.environment = {{"PATH", folder.path()}}});
  CHECK((alone.out == html));
  CHECK(run("mlpbench", short_run(folder, {"--baseline", folder.file("none.json")})).exit_code == 2);
}

TEST_CASE("mlpbench refuses bad input in one line") {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "");
  const std::vector<std::pair<std::vector<std::string>, std::string>> bad = {
      {{"run", "--backend", "cuda"}, "'cuda' is none of"},
      {{"run", "--experiment", "mnist"}, "'mnist' is none of"},
      {{"run", "--dtype", "float16"}, "'float16' is none of"},
      {{"run", "--rounds", "0"}, "--rounds"},
      {{"run", "--precision", "0"}, "--precision"},
      {{"run", "--budget", "-1"}, "--budget"},
      {{"run", "--trainer", "adam"}, "'adam' is none of"},
      {{"run", "--threads", "0"}, "--threads"},
      {{"run", "--threads", "4-2"}, "--threads"},
      {{"run", "--threads", "1-"}, "--threads"},
      {{"run", "--filter", "(moons"}, "not a regular expression"},
      {{"run", "--filter", "mnist"}, "matches no case"},
      {{"run", "--seeds", "0"}, "--seeds"},
      {{"run", "--studies", "roof"}, "'roof' is none of"},
      {{"run", "--output", file}, file},
      {{"run", "--fast"}, "--fast"},
      {{"report"}, "RESULTS"},
      {{"report", file}, "is no JSON"},
      {{"report", file + "x"}, "cannot be read"},
      {{"report", folder.path()}, "/results.json: cannot be read"},
      {{}, "needs a command, and it is missing: run, list, compare"},
      {{"rum"}, "needs a command, and 'rum' is none: run, list"},
      {{"rum"}, "; did you mean run?; --help says more"},
      {{"run", "--quik"}, "--quik; did you mean --quick?"},
      {{"--fast"}, "'--fast' is none"},
  };
  for (const auto& [arguments, words] : bad) {
    const Finished finished = run("mlpbench", arguments);
    INFO(finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.find(words) != std::string::npos);
    CHECK(finished.out.empty());
  }
}

TEST_CASE("mlpbench list names all cases with the reason of those that cannot run") {
  const Finished finished = run("mlpbench", {"list"}, {.environment = {{"MLPBENCH_MAX_ISA", "baseline"}}});
  CHECK(finished.exit_code == 0);
  CHECK(finished.out.find("moons/naive/float64\n") != std::string::npos);
  const bool arm = architecture() == "aarch64";
  CHECK(finished.out.find(arm ? "moons/neon/float64  (unavailable: this CPU lacks NEON"
                              : "moons/avx2/float64  (unavailable: this CPU lacks AVX2") !=
        std::string::npos);
}
