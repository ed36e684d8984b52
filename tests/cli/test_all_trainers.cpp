// --trainer all, and the command that the last line of a table suggests.

#include <nlohmann/json.hpp>

#include "core/training/trainer.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/idx.h"

using namespace mlpbench;
using namespace mlpbench::test;
using Arguments = std::vector<std::string>;

namespace {

std::string table() {
  std::string text = "x,y,the kind\n";
  for (int i = 0; i < 90; ++i) {
    text += std::to_string(i % 7) + "," + std::to_string(i * i % 11) + "," + (i % 7 > 3 ? "a" : "b") + "\n";
  }
  return text;
}

/// The command on the last line, for a shell, which then finds the program where it was built.
Finished run_suggestion(const std::string& text, const TemporaryFolder& folder) {
  const std::size_t start = text.rfind("\n  mlpbench run ");
  REQUIRE(start != std::string::npos);
  const std::string command =
      std::string(MLPBENCH_PROGRAM_DIR) + "/" + text.substr(start + 3, text.size() - start - 4);
  INFO(command);
  const std::string out = folder.file("suggested.txt");
  const int code = std::system((command + " --list > " + out + " 2>&1").c_str());
  return {WEXITSTATUS(code), read_file(out), "", 0};
}

}  // namespace

TEST_CASE("--trainer all prints a row for every trainer", "[trainers]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("data.csv", table());
  const Finished finished =
      run("train_csv", {csv, "--target", "the kind", "--trainer", "all", "--epochs", "5", "--threads", "2",
                        "--members", "3", "--batch-size", "8", "--json", folder.file("all.json")});
  INFO(finished.out << finished.err);
  REQUIRE(finished.exit_code == 0);
  for (const TrainerEntry& trainer : all_trainers()) {
    CHECK(finished.out.find("\n" + std::string(trainer.name) + " ") != std::string::npos);
  }
  CHECK(finished.out.find("test accuracy") != std::string::npos);
  CHECK(finished.out.find("ensemble: 3 seeds") != std::string::npos);
  const auto records = nlohmann::json::parse(read_file(folder.file("all.json")));
  REQUIRE(records.size() == all_trainers().size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    CHECK(records[i].at("trainer") == all_trainers()[i].name);
    CHECK(records[i].at("threads") == (all_trainers()[i].parallel ? 2 : 1));
  }
  // A trainer that cannot train on so few rows is a row with the reason.
  const Finished few = run("train_csv", {csv, "--target", "the kind", "--trainer", "all", "--epochs", "2",
                                         "--batch-size", "72", "--keep-incomplete-batch"});
  CHECK(few.exit_code == 0);
  const Finished dropped = run("moons", {"--trainer", "all", "--epochs", "2", "--workers", "40"});
  INFO(dropped.out << dropped.err);
  CHECK(dropped.exit_code == 0);
  CHECK(dropped.out.find("unavailable: ") != std::string::npos);
}

TEST_CASE("--trainer all refuses a second table and a picture", "[trainers]") {
  for (const auto& [more, words] : {std::pair{Arguments{"--backend", "all"}, "--trainer all: "},
                                    {Arguments{"--plot", "a.svg"}, "--plot: "}}) {
    const Finished finished = run("moons", joined({"--trainer", "all"}, more));
    INFO(finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.find(words) != std::string::npos);
  }
  CHECK(run("moons", {"--trainer", "predict"}).exit_code == 2);
}

TEST_CASE("what the last line of a table suggests works", "[trainers]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("my data.csv", table());
  const SmallImages small(60);
  const std::string images = folder.write("images", small.images),
                    labels = folder.write("labels", small.labels);
  const auto cases = [&](const std::string& program, const Arguments& arguments) {
    const Finished finished = run(program, arguments);
    INFO(finished.out << finished.err);
    REQUIRE(finished.exit_code == 0);
    const Finished suggested = run_suggestion(finished.out, folder);
    INFO(suggested.out);
    CHECK(suggested.exit_code == 0);
    return suggested.out;
  };
  CHECK(cases("moons", {"--backend", "all", "--epochs", "2"}).find("moons/naive/float64\n") !=
        std::string::npos);
  const std::string of_csv = cases("train_csv", {csv, "--target", "the kind", "--trainer", "all", "--epochs",
                                                 "2", "--hidden", "8,4", "--activation", "tanh", "--task",
                                                 "binary", "--dtype", "float32", "--learning-rate", "0.125"});
  CHECK(of_csv.find("my_data.csv/naive/float32/sync\n") != std::string::npos);
  CHECK(of_csv.find("float64") == std::string::npos);
  CHECK(cases("mnist", {"--images", images, "--labels", labels, "--backend", "all", "--epochs", "1"})
            .find("images/naive/float64\n") != std::string::npos);
}
