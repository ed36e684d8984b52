// --save, --load, predict, --checkpoint, --folds and early stopping, as a user meets them.

#include <signal.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/reference.h"

using namespace mlpbench::test;
using nlohmann::json;

namespace {

using Arguments = std::vector<std::string>;

const std::string kTables = std::string(MLPBENCH_REFERENCE_DIR) + "/tables/";
const std::string kPenguins = kTables + "penguins.csv";

/// What trains on the penguins in a moment.
Arguments on_penguins(const Arguments& more) {
  return joined({kPenguins, "--target", "species", "--categorical", "island,sex", "--missing", "mean"}, more);
}

json record_of(const std::string& program, const Arguments& arguments) {
  const Finished finished = run(program, joined(arguments, {"--json", "-"}));
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
  return json::parse(finished.out);
}

void check_refused(const std::string& program, const Arguments& arguments, const std::string& message) {
  const Finished finished = run(program, arguments);
  INFO(finished.err);
  CHECK(finished.exit_code == 2);
  CHECK(finished.out.empty());
  CHECK(finished.error_lines() == 1);
  CHECK(finished.err.find(message) != std::string::npos);
}

}  // namespace

TEST_CASE("a saved network predicts what the run computed of its test rows", "[network_files]") {
  const TemporaryFolder folder;
  for (const std::string dtype : {"float64", "float32"}) {
    const std::string model = folder.file("penguins." + dtype);
    const json record =
        record_of("train_csv", on_penguins({"--dtype", dtype, "--save", model, "--split-seed", "3"}));
    const Finished finished = run("predict", {"--load", model, kPenguins});
    REQUIRE(finished.exit_code == 0);
    // The rows of the test set are not in the record; every output of it is among the predictions.
    std::istringstream lines(finished.out);
    std::string line;
    std::getline(lines, line);
    CHECK(line == "prediction,probability (Adelie),probability (Chinstrap),probability (Gentoo)");
    std::vector<std::string> predicted;
    while (std::getline(lines, line)) predicted.push_back(line.substr(line.find(',') + 1));
    for (const auto& sample : record.at("test_output")) {
      const auto is_sample = [&](const std::string& text) {
        std::istringstream numbers(text);
        for (const double expected : sample) {
          double value = 0.0;
          char comma = 0;
          numbers >> value >> comma;
          if (!(std::abs(value - expected) <= 1e-6 * expected)) return false;
        }
        return true;
      };
      CHECK(std::any_of(predicted.begin(), predicted.end(), is_sample));
    }
  }
}

TEST_CASE("a regression is predicted in the units of its file, from columns in any order",
          "[network_files]") {
  const TemporaryFolder folder;
  std::string rows = "x,y,z\n", turned = "z,other,x\n";
  for (int i = 0; i < 40; ++i) {
    const double x = 0.1 * i, z = std::sin(i);
    rows +=
        std::to_string(x) + "," + std::to_string(500.0 + 20.0 * x + 5.0 * z) + "," + std::to_string(z) + "\n";
    turned += std::to_string(z) + ",text," + std::to_string(x) + "\n";
  }
  const std::string file = folder.write("rows.csv", rows), model = folder.file("model");
  const std::string other = folder.write("turned.csv", turned), output = folder.file("predicted.csv");
  REQUIRE(run("train_csv",
              {file, "--target", "y", "--task", "regression", "--epochs", "400", "--save", model, "--quiet"})
              .exit_code == 0);
  REQUIRE(run("predict", {"--load", model, other, "--output", output}).exit_code == 0);
  std::istringstream lines(read_file(output));
  std::string header;
  std::getline(lines, header);
  CHECK(header == "prediction");
  for (int i = 0; i < 40; ++i) {
    double value = 0.0;
    lines >> value;
    CHECK(value == Approx(500.0 + 2.0 * i + 5.0 * std::sin(i)).margin(8.0));
  }
}

TEST_CASE("a run goes on from a saved network", "[network_files]") {
  const TemporaryFolder folder;
  const std::string half = folder.file("half");
  const Arguments full_batch = {"--epochs", "40", "--dump-parameters"};
  json whole = record_of("breast_cancer", joined(full_batch, {"--epochs", "80"}));
  record_of("breast_cancer", joined(full_batch, {"--save", half}));
  const json rest = record_of("breast_cancer", joined(full_batch, {"--load", half}));
  CHECK(rest.at("parameters") == whole.at("parameters"));
  CHECK(rest.at("loss_per_epoch").back() == whole.at("loss_per_epoch").back());
}

TEST_CASE("networks that do not fit are refused, and nothing is overwritten", "[network_files]") {
  const TemporaryFolder folder;
  const std::string moons = folder.file("moons"), penguins = folder.file("penguins");
  REQUIRE(run("moons", {"--save", moons, "--quiet"}).exit_code == 0);
  REQUIRE(run("train_csv", on_penguins({"--save", penguins, "--quiet"})).exit_code == 0);
  check_refused("moons", {"--load", moons, "--dtype", "float32"},
                moons + ": its numbers are float64, and this run has float32");
  check_refused("moons", {"--load", moons, "--hidden", "5"},
                moons + ": its network is 2-4-1 of tanh, sigmoid");
  check_refused("train_csv", on_penguins({"--load", moons}), moons + ": its network is 2-4-1");
  check_refused("train_csv",
                {kPenguins, "--target", "species", "--categorical", "sex", "--drop", "island", "--missing",
                 "mean", "--load", penguins},
                penguins + ": its network is 9-16-3");
  check_refused("predict", {"--load", moons, kPenguins},
                "is a network of moons, which was not trained on a CSV");
  check_refused("predict", {"--load", penguins, kTables + "titanic.csv"}, "no column 'island'");
  check_refused("moons", {"--load", moons, "--init", "he"},
                "--init: the initial weights are those of --load");
  check_refused("moons", {"--save", folder.file("x"), "--backend", "all"},
                "--save: keeps a single run, not those of --backend all");
  check_refused("moons", {"--save", folder.file("no/folder/x")}, "--save: ");
  const std::string content = read_file(moons);
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, content.size() / 2, content.size() - 1}) {
    const std::string part = folder.write("part", content.substr(0, size));
    check_refused("moons", {"--load", part}, part + ": is ");
    check_refused("predict", {"--load", part, kPenguins}, part + ": is ");
  }
  std::string newer = content;
  newer.replace(newer.find(R"("mlpbench":"1")"), 14, R"("mlpbench":"2")");
  check_refused("moons", {"--load", folder.write("newer", newer)}, "is a model of version '2'");
  CHECK_FALSE(std::ifstream(folder.file("x")).good());
}

TEST_CASE("a killed run goes on from its checkpoint to the same bits", "[network_files]") {
  const TemporaryFolder folder;
  const Arguments training = {"--samples",         "60000",     "--epochs", "60",    "--optimiser", "adam",
                              "--dump-parameters", "--trainer", "sync",     "--json"};
  const std::string whole = folder.file("whole.json"), rest = folder.file("rest.json");
  REQUIRE(run("teacher", joined(training, {whole, "--quiet"})).exit_code == 0);
  for (const double seconds : {0.1, 0.3, 0.6}) {
    const std::string checkpoint = folder.file("state" + std::to_string(seconds));
    const Arguments kept = joined(training, {rest, "--checkpoint", checkpoint, "--every", "2"});
    const Interrupted killed = run_and_interrupt("teacher", kept, seconds, SIGKILL);
    INFO("after " << seconds << " s: " << killed.finished.exit_code);
    const Finished finished = run("teacher", joined(kept, {"--threads", "2", "--force-parallel"}));
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    const json a = json::parse(read_file(whole)), b = json::parse(read_file(rest));
    for (const char* key :
         {"parameters", "loss_per_epoch", "mean_loss_per_epoch", "test_output", "samples_trained"})
      CHECK(a.at(key) == b.at(key));
  }
}

TEST_CASE("a checkpoint of another run, or none, is refused and stays", "[network_files]") {
  const TemporaryFolder folder;
  const std::string file = folder.file("state");
  REQUIRE(run("moons", {"--checkpoint", file, "--quiet"}).exit_code == 0);
  const std::string content = read_file(file);
  check_refused("moons", {"--checkpoint", file, "--learning-rate", "0.02"},
                file + ": is a checkpoint of another run: --learning-rate is 0.01 there and 0.02 here");
  check_refused("moons", {"--checkpoint", file, "--seed", "7"}, "its initial weights are others");
  check_refused("moons", {"--checkpoint", file, "--dtype", "float32"}, "dtype is ");
  check_refused("moons", {"--checkpoint", file, "--trainer", "all"}, "--checkpoint: keeps a single run");
  check_refused("moons", {"--every", "3"}, "--every: is for --checkpoint");
  check_refused("moons", {"--checkpoint", file, "--every", "0"}, "--every: '0'");
  CHECK(read_file(file) == content);
  const std::string model = folder.file("model");
  REQUIRE(run("moons", {"--save", model, "--quiet"}).exit_code == 0);
  check_refused("moons", {"--checkpoint", model},
                model + ": is no checkpoint of mlpbench; it stays as it is");
  std::string damaged = content;
  damaged[damaged.size() - 9] = static_cast<char>(damaged[damaged.size() - 9] ^ 1);
  check_refused("moons", {"--checkpoint", folder.write("damaged", damaged)}, "is damaged");
}

TEST_CASE("early stopping keeps the best weights and never looks at the test data", "[network_files]") {
  const Arguments stopping = {"--validation-split", "0.25", "--patience",       "5",
                              "--epochs",           "400",  "--dump-parameters"};
  const json record = record_of("digits", stopping);
  const json& validation = record.at("validation");
  const std::vector<double> losses = validation.at("loss_per_epoch");
  const auto best = std::min_element(losses.begin(), losses.end());
  CHECK(validation.at("stopped") == true);
  CHECK(validation.at("best_epoch") == best - losses.begin() + 1);
  CHECK(losses.end() - best == 6);
  CHECK(record.at("dataset").at("training_rows") == 1077);  // of 1437, a quarter less
  const json shorter = record_of("digits", {"--validation-split", "0.25", "--dump-parameters", "--epochs",
                                            std::to_string(validation.at("best_epoch").get<int>())});
  CHECK(shorter.at("parameters") == record.at("parameters"));
  check_refused("digits", {"--patience", "5"}, "--patience: needs held-out data; --validation-split P");
  check_refused("digits", {"--min-delta", "0.1"}, "--min-delta: needs held-out data; --validation-split P");
  check_refused("digits", {"--validation-split", "1"}, "--validation-split: '1'");
  check_refused("digits", {"--validation-split", "0.9999"}, "leaves nothing of 1437 samples to train on");
}

TEST_CASE("folds train once on each, in parallel with the same numbers", "[network_files]") {
  const json one = record_of("train_csv", on_penguins({"--folds", "4"}));
  const json two = record_of("train_csv", on_penguins({"--folds", "4", "--threads", "2"}));
  CHECK(one.at("folds") == 4);
  REQUIRE(one.at("ensemble").at("members").size() == 4);
  for (std::size_t fold = 0; fold < 4; ++fold) {
    const json &a = one.at("ensemble").at("members")[fold], &b = two.at("ensemble").at("members")[fold];
    CHECK(a.at("final_loss") == b.at("final_loss"));
    CHECK(a.at("test_accuracy") == b.at("test_accuracy"));
  }
  const Finished finished = run("train_csv", on_penguins({"--folds", "4"}));
  CHECK(finished.out.starts_with("fold  seed  final loss  test accuracy\n"));
  CHECK(finished.out.find("\nCross-validation of 4 folds in ") != std::string::npos);
  check_refused("train_csv", on_penguins({"--folds", "4", "--backend", "all"}),
                "--folds: trains on one backend with one trainer; not with --backend all");
  check_refused("train_csv", on_penguins({"--folds", "100"}), "no class has so many rows");
  check_refused("train_csv", on_penguins({"--folds", "0"}), "--folds: '0'");
  check_refused("train_csv", on_penguins({"--folds", "4", "--save", "x"}),
                "--save: keeps a single run, not those of --folds");
}
