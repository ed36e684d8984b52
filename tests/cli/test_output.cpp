#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "support/cpu.h"
#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using Arguments = std::vector<std::string>;

TEST_CASE("a run prints its lines and how long it took on stdout, and nothing on stderr") {
  const Finished result = run("moons", {"--backend", "naive"});
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  CHECK(result.out.find("Cost after epoch 9: 0.62958446897") != std::string::npos);
  const std::regex timing(  // the suite's own lines come after an empty one
      "\nAccuracy: 0.82\n\nTrained in [0-9.]+ [mu]?s: 10 epochs of 800 samples, [0-9.]+ [mu]?s an epoch, "
      "[0-9.]+ [KMG] "
      "samples/s "
      "\\(naive, [^,]+, float64, 1 thread\\)\n$");
  CHECK(std::regex_search(result.out, timing));
}

TEST_CASE("--quiet prints nothing") {
  for (const Arguments& more : {Arguments{}, Arguments{"--backend", "all"}, Arguments{"--threads", "3"}}) {
    const Finished result = run("moons", joined({"--quiet"}, more));
    CHECK(result.exit_code == 0);
    CHECK(result.out.empty());
    CHECK(result.err.empty());
  }
}

TEST_CASE("--json - replaces the text on stdout") {
  const Finished result = run("moons", {"--json", "-"});
  CHECK(nlohmann::json::parse(result.out).is_object());
}

TEST_CASE("options may be given as --option=value, and the last one counts") {
  const Finished result = run("moons", {"--epochs=3", "--epochs", "2", "--hidden=3", "--json=-"});
  REQUIRE(result.exit_code == 0);
  const auto record = nlohmann::json::parse(result.out);
  CHECK(record["epochs"] == 2);
  CHECK(record["layers"] == nlohmann::json({2, 3, 1}));
}

TEST_CASE("the questions about the program are answered before other errors") {
  for (const char* option : {"--help", "-h", "--version", "--list-backends", "--list-trainers"}) {
    INFO(option);
    const Finished result = run("planar", {"--epochs", "none", option});
    CHECK(result.exit_code == 0);
    CHECK_FALSE(result.out.empty());
    CHECK(result.err.empty());
  }
}

TEST_CASE("--help-all has all options; defaults are the experiment's") {
  for (const char* program :
       {"worked_examples", "breast_cancer", "planar", "moons", "regression", "digits", "train_csv"}) {
    const std::string help = run(program, {"--help-all"}).out;
    INFO(help);
    for (const char* text : {"--backend",         "--dtype",
                             "--trainer",         "--threads",
                             "--epochs",          "--learning-rate",
                             "--batch-size",      "--keep-incomplete-batch",
                             "--hidden",          "--seed",
                             "--split-seed",      "--json",
                             "--dump-parameters", "--quiet",
                             "--no-color",        "--list-backends",
                             "--list-trainers",   "--help",
                             "--help-all",        "--version",
                             "Examples:",         "--force-parallel",
                             "--workers",         "--local-steps",
                             "--sync-epochs",     "--hogwild-form",
                             "--members",         "--ensemble-of",
                             "--target-loss",     "--target-accuracy",
                             "--subnormals",      "Exit codes:"}) {
      INFO(text);
      CHECK(help.find(text) != std::string::npos);
    }
  }
  CHECK(run("planar", {"--help"}).out.find("(default 10000)") != std::string::npos);
  CHECK(run("planar", {"--help"}).out.find("--plot") != std::string::npos);
  CHECK(run("digits", {"--help"}).out.find("--plot") == std::string::npos);
}

TEST_CASE("--backend all is a table with a row for every backend and the reasons of those that cannot run") {
  const Finished result =
      run("moons", {"--backend", "all"}, {.environment = {{"MLPBENCH_MAX_ISA", "baseline"}}});
  INFO(result.out);
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  const bool arm = mlpbench::architecture() == "aarch64";
  CHECK(std::regex_search(result.out, std::regex(arm ? "\nneon +unavailable: this CPU lacks NEON"
                                                     : "\navx2 +unavailable: .*AVX2")));
  CHECK((arm || std::regex_search(result.out, std::regex("\navx512 +unavailable: "))));
  CHECK(result.out.find(arm ? "\nnot listed, for another architecture: avx512, avx2\n"
                            : "\nnot listed, for another architecture: neon\n") != std::string::npos);
  CHECK(
      std::regex_search(result.out, std::regex("\nnaive +baseline[^\n]* 0\\.62958447 +82\\.00 %.* 1\\.00x")));
  CHECK(result.out.find("test accuracy") != std::string::npos);
  CHECK(result.out.find("single run") != std::string::npos);
}

TEST_CASE("a reader that leaves early is no error, and the files are written all the same") {
  const TemporaryFolder folder;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{10}}) {
    const std::string file = folder.file("record" + std::to_string(bytes) + ".json");
    const Finished result = run_into_head("moons", {"--epochs", "3000", "--json", file}, bytes);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(nlohmann::json::parse(read_file(file)).is_object());
  }
}

TEST_CASE("a closed stdout is one line, and the files are written all the same") {
  const TemporaryFolder folder;
  const std::string file = folder.file("record.json");
  const Finished closed = run("moons", {"--json", file}, {.close_stdout = true});
  CHECK(closed.exit_code == 2);
  CHECK(closed.error_lines() == 1);
  CHECK(closed.err.starts_with("moons: standard output: cannot write"));
  // None of the text went into the file, which might have got the number of the closed stream.
  CHECK(nlohmann::json::parse(read_file(file)).is_object());

  const Finished quiet = run("moons", {"--quiet", "--json", file}, {.close_stdout = true});
  CHECK(quiet.exit_code == 0);
  CHECK(quiet.err.empty());
}

TEST_CASE("a full disk behind stdout is one line") {
  for (const Arguments& arguments : {Arguments{}, Arguments{"--help"}, Arguments{"--json", "-"}}) {
    const Finished result = run("moons", arguments, {.stdout_file = "/dev/full"});
    CHECK(result.exit_code == 2);
    CHECK(result.error_lines() == 1);
    CHECK(result.err.find("No space left") != std::string::npos);
  }
}

TEST_CASE("a record cannot be written to a full device") {
  const Finished result = run("moons", {"--json", "/dev/full"});
  CHECK(result.exit_code == 2);
  CHECK(result.error_lines() == 1);
  CHECK(result.err.find("--json: cannot write '/dev/full': No space left") != std::string::npos);
}

TEST_CASE("a gnuplot that fails is one line and leaves no file") {
  const TemporaryFolder folder, tools;
  const std::string fake = tools.write("gnuplot", "#!/bin/sh\necho 'no such terminal' >&2\nexit 3\n");
  REQUIRE(chmod(fake.c_str(), 0755) == 0);
  const Finished result =
      run("moons", {"--plot", folder.file("a.png")},
          {.environment = {{"PATH", fake.substr(0, fake.rfind('/')) + ":/usr/bin:/bin"}}});
  CHECK(result.exit_code == 2);
  CHECK(result.error_lines() == 1);
  CHECK(result.err.find("gnuplot failed: no such terminal") != std::string::npos);
  CHECK(folder.names().empty());
}
