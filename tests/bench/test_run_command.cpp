// `mlpbench run`: where its options come from, what it says before it runs, and how it ends early.

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using Arguments = std::vector<std::string>;
using Environment = std::vector<std::pair<std::string, std::string>>;

namespace {

std::string config_of(const Arguments& arguments, const Environment& environment = {}) {
  const Finished finished =
      run("mlpbench", joined({"run", "--print-config"}, arguments), {.environment = environment});
  INFO(finished.err);
  CHECK(finished.exit_code == 0);
  return finished.out;
}

std::string line_of(const std::string& text, const std::string& key) {
  const std::size_t start = text.find(key + " = ");
  return start == std::string::npos ? "" : text.substr(start, text.find('\n', start) - start);
}

/// A run of seconds, killed at will.
Arguments long_run(const TemporaryFolder& folder) {
  return {"run",      "--experiment", "moons,regression", "--backend", "naive",    "--studies",  "none",
          "--rounds", "15",           "--precision",      "0.000001",  "--output", folder.path()};
}

nlohmann::json results_in(const TemporaryFolder& folder) {
  return nlohmann::json::parse(read_file(folder.file("results.json")));
}

}  // namespace

TEST_CASE("the printed configuration makes the same run", "[run]") {
  const TemporaryFolder folder;
  for (const Arguments& arguments : {Arguments{}, Arguments{"--quick"}, Arguments{"--subnormals", "keep"},
                                     Arguments{"--experiment", "moons,digits",
                                               "--backend",    "naive",
                                               "--dtype",      "float32",
                                               "--trainer",    "own,sync",
                                               "--threads",    "1-3,8",
                                               "--filter",     R"(^(moons|digits)/.*\d, "?[ab]{1,2}|sync)",
                                               "--seeds",      "7",
                                               "--rounds",     "33",
                                               "--precision",  "0.125",
                                               "--budget",     "12.5",
                                               "--studies",    "curves,roofline"}}) {
    const std::string text = config_of(arguments);
    INFO(text);
    const std::string file = folder.write("run.toml", "# a comment\n" + text);
    CHECK(config_of({"--config", file}) == text);
    const auto cases = [](const Arguments& more) {
      return run("mlpbench", joined({"run", "--list"}, more)).out;
    };
    CHECK(cases({"--config", file}) == cases(arguments));
  }
  CHECK(line_of(config_of({"--threads", "3,1-2"}), "threads") == "threads = [1, 2, 3]");
  CHECK(line_of(config_of({"--subnormals", "keep"}), "subnormals") == "subnormals = \"keep\"");
  CHECK(line_of(config_of({"--quick"}), "rounds") == "rounds = 14");
  CHECK(line_of(config_of({"--quick"}), "seeds") == "seeds = 3");
}

TEST_CASE("the command line goes before the environment, that before the file", "[run]") {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("run.toml", "rounds = 7\nseeds = 4\nquick = true\nexperiment = [\"moons\"]\n");
  CHECK(line_of(config_of({"--config", file}), "rounds") == "rounds = 7");
  CHECK(line_of(config_of({"--config", file}), "experiment") == "experiment = [\"moons\"]");
  const Environment environment = {{"MLPBENCH_ROUNDS", "8"}, {"MLPBENCH_EXPERIMENT", "planar,digits"}};
  CHECK(line_of(config_of({"--config", file}, environment), "rounds") == "rounds = 8");
  CHECK(line_of(config_of({"--config", file}, environment), "experiment") ==
        "experiment = [\"planar\", \"digits\"]");
  CHECK(line_of(config_of({"--config", file}, environment), "seeds") == "seeds = 4");
  CHECK(line_of(config_of({"--config", file, "--rounds", "9"}, environment), "rounds") == "rounds = 9");
  CHECK(line_of(config_of({}, {{"MLPBENCH_CONFIG", file}}), "rounds") == "rounds = 7");
  CHECK(line_of(config_of({}, {{"MLPBENCH_QUICK", "1"}}), "quick") == "quick = true");
  CHECK(line_of(config_of({"--config", file}, {{"MLPBENCH_QUICK", "false"}}), "quick") == "quick = false");
}

TEST_CASE("a bad configuration is one line that names where it stands", "[run]") {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.toml");
  const auto refused = [&](const std::string& content, const std::string& words) {
    folder.write("run.toml", content);
    const Finished finished = run("mlpbench", {"run", "--config", file, "--list"});
    INFO(content << finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.starts_with("mlpbench: " + file + ": "));
    CHECK(finished.err.find(words) != std::string::npos);
    CHECK(finished.out.empty());
  };
  refused("speed = 3\n", "'speed' is no option of a run");
  refused("[run]\nrounds = 3\n", "'run");
  refused("help = true\n", "'help' is no option of a run");
  refused("resume = true\n", "'resume' is no option of a run");
  refused("config = \"other.toml\"\n", "'config' is no option of a run");
  refused("rounds = 3\nseeds = 2\nrounds = 4\n", "'rounds' twice");
  refused("rounds = many\n", "many");
  refused("rounds = 0\n", "--rounds");
  refused("rounds = [3, 4]\n", "--rounds");
  refused("quick = perhaps\n", "perhaps");
  refused("backend = [\"naive\", \"cuda\"]\n", "--backend: 'cuda' is none of");
  refused("threads = [0]\n", "--threads");
  refused("filter = '('\n", "--filter");
  refused("subnormals = \"melt\"\n", "--subnormals: 'melt'");
  refused("studies = [\"none\", \"all\"]\n", "--studies");

  const Finished missing = run("mlpbench", {"run", "--config", folder.file("none.toml"), "--list"});
  CHECK(missing.exit_code == 2);
  CHECK(missing.err.find("none.toml") != std::string::npos);
  const Finished variable =
      run("mlpbench", {"run", "--list"}, {.environment = {{"MLPBENCH_BACKEND", "cuda"}}});
  CHECK(variable.exit_code == 2);
  CHECK(variable.err.starts_with("mlpbench: MLPBENCH_BACKEND: --backend: 'cuda' is none of"));
  for (const std::string bad : {"moons#", "moons'"}) {
    CHECK(run("mlpbench", {"run", "--filter", bad}).err.find("--filter: no case") != std::string::npos);
  }
}

TEST_CASE("the report's command can be typed again, and names no folder", "[run]") {
  const TemporaryFolder folder;
  const std::string config = folder.write("own.toml", "rounds = 1\n");
  for (const Arguments& output :
       {Arguments{"--output=" + folder.path()}, Arguments{"--output", folder.path()}}) {
    const Arguments arguments = {
        "run",      "--quick", "--studies=none", "--filter", "^moons/naive/float(64|32)$",
        "--config", config,    "--quiet"};
    REQUIRE(run("mlpbench", joined(arguments, output)).exit_code == 0);
    const nlohmann::json results = results_in(folder);
    CHECK(results.at("command") ==
          "mlpbench run --quick --studies=none --filter '^moons/naive/float(64|32)$' --config own.toml "
          "--quiet");
    CHECK(results.dump().find(folder.path()) == std::string::npos);
    CHECK(results.at("selection").at("cases_matching") == 2);
    CHECK(results.at("selection")
              .at("config")
              .get<std::string>()
              .find("filter = '^moons/naive/float(64|32)$'\n") != std::string::npos);
  }
}

TEST_CASE("a dry run names the cases with what they cost, and writes nothing", "[run]") {
  const TemporaryFolder folder;
  const Finished finished = run("mlpbench",
                                {"run", "--dry-run", "--experiment", "moons,worked_examples", "--trainer",
                                 "own,sync", "--quick", "--output", folder.file("results")},
                                {.environment = {{"MLPBENCH_MAX_ISA", "baseline"}}});
  INFO(finished.out << finished.err);
  CHECK(finished.exit_code == 0);
  CHECK(finished.out.find("\nmoons/naive/float64 ") != std::string::npos);
  CHECK(finished.out.find("\nmoons/avx512/float32  ") != std::string::npos);
  CHECK(finished.out.find("\nworked_examples/naive/float64/sync ") != std::string::npos);
  CHECK(finished.out.find("  unavailable: --batch-size 32: the training data has 2 samples\n") !=
        std::string::npos);
  for (const char* study : {"over_seeds", "curves", "time_to_accuracy", "roofline", "boundaries"}) {
    INFO(study);
    CHECK(finished.out.find("\nstudy " + std::string(study) + " ") != std::string::npos);
  }
  CHECK(finished.out.find(" for 14 rounds, and ") != std::string::npos);
  CHECK(finished.out.find(" for the studies: ") != std::string::npos);
  CHECK(folder.names().empty());

  const Finished none = run("mlpbench", {"run", "--dry-run", "--experiment", "moons", "--studies", "none"});
  CHECK(none.out.find("\nstudy ") == std::string::npos);
  CHECK(none.out.find("for the studies") == std::string::npos);
}

TEST_CASE("in a log every study has a line with the time left", "[run]") {
  const TemporaryFolder folder;
  const Finished finished =
      run("mlpbench", {"run", "--quick", "--experiment", "moons", "--backend", "naive", "--dtype", "float64",
                       "--rounds", "6", "--studies", "curves,time_to_accuracy", "--output", folder.path()});
  INFO(finished.err);
  CHECK(finished.exit_code == 0);
  for (const char* beginning :
       {" % loss curves, moons, seed 1 of 3, at most ", " % time to accuracy, moons, seed 1 of 3, "}) {
    const std::size_t at = finished.err.find(beginning);
    REQUIRE(at != std::string::npos);
    CHECK(finished.err.substr(at, finished.err.find('\n', at) - at).ends_with(" left"));
  }
  CHECK(finished.error_lines() < 30);
}

TEST_CASE("a killed run is resumed: every case and round, and no journal is left", "[run][nightly]") {
  const TemporaryFolder folder;
  // Without a journal there is nothing to go on with.
  for (const double seconds : {0.0, 0.1, 0.4}) {
    run_and_interrupt("mlpbench", joined(long_run(folder), {"--resume"}), seconds, SIGKILL);
    CHECK_FALSE(std::filesystem::exists(folder.file("results.json")));
  }
  REQUIRE(std::filesystem::exists(folder.file("journal.jsonl")));
  const std::size_t noted = read_file(folder.file("journal.jsonl")).size();

  const Finished other = run("mlpbench", joined(long_run(folder), {"--resume", "--seeds", "2"}));
  CHECK(other.exit_code == 2);
  CHECK(other.error_lines() == 1);
  CHECK(other.err.find("journal.jsonl: is of another run: selection, seeds = 10 against seeds = 2;") !=
        std::string::npos);
  CHECK(read_file(folder.file("journal.jsonl")).size() == noted);

  const Finished finished = run("mlpbench", joined(long_run(folder), {"--resume"}));
  INFO(finished.err);
  CHECK(finished.exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(folder.file("journal.jsonl")));
  const nlohmann::json results = results_in(folder);
  CHECK(results.at("status") == "complete");
  CHECK(results.at("method").at("resumed") == true);
  REQUIRE(results.at("cases").size() == 4);
  for (const nlohmann::json& entry : results.at("cases")) CHECK(entry.at("epoch_seconds").size() == 15);
}

TEST_CASE("an interrupted run ends at once with a report that says so, and its journal", "[run]") {
  for (const auto& [seconds, signal] :
       {std::pair{0.05, SIGINT}, std::pair{0.6, SIGTERM}, std::pair{0.3, SIGHUP}}) {
    const TemporaryFolder folder;
    const Interrupted interrupted = run_and_interrupt("mlpbench", long_run(folder), seconds, signal);
    INFO(interrupted.finished.err);
    CHECK(interrupted.finished.exit_code == 128 + signal);
    CHECK(interrupted.seconds < 1.0);
    for (const char* name : {"journal.jsonl", "report.md", "results.json"}) {
      CHECK(std::filesystem::exists(folder.file(name)));
    }
    CHECK(interrupted.finished.out.find("nterrupted") != std::string::npos);
    const nlohmann::json results = results_in(folder);
    CHECK(results.at("status") == "interrupted");
    CHECK(results.at("cases").size() == 4);
    for (const nlohmann::json& entry : results.at("cases")) {
      if (!entry.at("unavailable").is_null()) continue;
      CHECK(entry.at("epoch_seconds").size() == entry.at("part_seconds").at(1).size());
      CHECK(entry.at("stopped") == "interrupted");
    }
    const Finished compared =
        run("mlpbench", {"compare", folder.file("results.json"), folder.file("results.json")});
    CHECK(compared.exit_code == 2);
    CHECK(compared.err.find("is of an interrupted run") != std::string::npos);
  }
}

TEST_CASE("progress is plain lines in a log, one line on a terminal, nothing when it is not wanted",
          "[run]") {
  const TemporaryFolder folder;
  const Arguments arguments = {"run",   "--quick",   "--rounds", "3",        "--experiment",
                               "moons", "--studies", "none",     "--output", folder.path()};
  const Finished log = run("mlpbench", arguments);
  CHECK(log.error_lines() > 2);
  CHECK(log.error_lines() <= 12);
  CHECK(log.err.find("left\n") != std::string::npos);
  CHECK(log.err.find('\x1b') == std::string::npos);
  CHECK(run("mlpbench", joined(arguments, {"--no-progress"})).err.empty());
  CHECK(run("mlpbench", joined(arguments, {"--quiet"})).err.empty());
  const Finished terminal = run_on_terminal("mlpbench", arguments, {.environment = {{"TERM", "xterm"}}});
  CHECK(terminal.err.find("\r\x1b[K") != std::string::npos);
  CHECK(terminal.err.find('\n') == std::string::npos);
  CHECK(terminal.err.ends_with("\r\x1b[K"));
}

TEST_CASE("a selection of which nothing can run here is refused in one line", "[run]") {
  const TemporaryFolder folder;
  for (const std::string backend : {"avx2", "avx512", "openblas", "mkl", "armadillo"}) {
    const Finished listed = run("mlpbench", {"run", "--list", "--backend", backend});
    const bool unavailable = listed.out.find("(unavailable: ") != std::string::npos;
    if (!unavailable) continue;
    const Finished finished = run("mlpbench", {"run", "--backend", backend, "--output", folder.file("o")});
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.find("no selected case can run here: ") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.file("o")));
  }
}

#ifdef MLPBENCH_STILL_CLOCK
TEST_CASE("a clock that stands still ends a run in one line", "[run]") {
  const TemporaryFolder folder;
  const ChildOptions stopped{.environment = {{"LD_PRELOAD", MLPBENCH_STILL_CLOCK}}};
  const Finished finished = run("mlpbench", long_run(folder), stopped);
  CHECK(finished.exit_code == 2);
  CHECK(finished.err == "mlpbench: the monotonic clock stands still: nothing can be timed\n");
  CHECK(run("bench_ops", {"--benchmark_filter=update"}, stopped).exit_code == 2);
  CHECK(run("moons", {"--trainer", "sync", "--threads", "2"}, stopped).exit_code == 2);
}
#endif
