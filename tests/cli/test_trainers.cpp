// The options of the parallel trainers and targets, as a user meets them.

#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/optimisers/optimiser.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench::test;
using nlohmann::json;

namespace {

using Arguments = std::vector<std::string>;

json record_of(const std::string& program, Arguments arguments) {
  const TemporaryFolder folder;
  const std::string file = folder.file("record.json");
  const Finished result = run(program, joined(std::move(arguments), {"--json", file}));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  return json::parse(read_file(file));
}

void check_refused(const std::string& program, const Arguments& arguments, const std::string& message) {
  const Finished result = run(program, arguments);
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.err == program + ": " + message + "\n");
}

/// "momentum or nesterov".
std::string optimisers_with(const std::string& option) {
  std::vector<std::string_view> names;
  for (const mlpbench::OptimiserEntry& entry : mlpbench::all_optimisers()) {
    for (const mlpbench::HyperParameter& parameter : entry.hyper_parameters) {
      if (parameter.option == option) names.push_back(entry.name);
    }
  }
  REQUIRE(names.size() > 1);
  return fmt::format("{}", fmt::join(names, " or "));
}

}  // namespace

TEST_CASE("options of one trainer are refused with another") {
  check_refused("moons", {"--workers", "3"}, "--workers: is for trainer local-sgd, not for mini-batch");
  check_refused("moons", {"--local-steps", "3"},
                "--local-steps: is for trainer local-sgd, not for mini-batch");
  check_refused("moons", {"--trainer", "sync", "--sync-epochs", "3"},
                "--sync-epochs: is for trainer local-sgd, not for sync");
  check_refused("moons", {"--trainer", "sync", "--hogwild-form", "fast"},
                "--hogwild-form: is for trainer hogwild, not for sync");
  check_refused("moons", {"--force-parallel"},
                "--force-parallel: is for trainer full-batch or sync, not for mini-batch");
  check_refused("moons", {"--trainer", "ensemble", "--force-parallel"},
                "--force-parallel: is for trainer full-batch or sync, not for ensemble");
  check_refused("moons", {"--members", "3"}, "--members: is for trainer ensemble, not for mini-batch");
  check_refused("moons", {"--ensemble-of", "sync"},
                "--ensemble-of: is for trainer ensemble, not for mini-batch");
}

TEST_CASE("values of the trainers' options are checked") {
  check_refused("moons", {"--trainer", "ensemble", "--ensemble-of", "ensemble"},
                "--ensemble-of ensemble: an ensemble is not made of ensembles");
  check_refused("moons", {"--trainer", "ensemble", "--members", "2", "--seed", "4294967295"},
                "--seed 4294967295: with --members 2 the seeds would exceed 4294967295");
  check_refused("moons", {"--trainer", "hogwild", "--hogwild-form", "slow"},
                "--hogwild-form: 'slow' is not strict or fast");
  check_refused("moons", {"--trainer", "local-sgd", "--workers", "0"},
                "--workers: '0' is not a whole number from 1 to 65536");
  check_refused("moons", {"--trainer", "local-sgd", "--workers", "30"},
                "--batch-size 32 for 30 workers: the training data has 800 samples");
  check_refused("moons", {"--target-accuracy", "95"},
                "--target-accuracy: '95' is not a number above 0 and at most 1");
  check_refused("moons", {"--target-loss", "0"}, "--target-loss: '0' is not a finite number above 0");
  check_refused("regression", {"--target-accuracy", "0.9"},
                "--target-accuracy: a regression has none; --target-loss ends one");
  const Finished unknown = run("moons", {"--trainer", "ensemble", "--ensemble-of", "adam"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err.find("--ensemble-of: unknown trainer 'adam'; there are: full-batch") !=
        std::string::npos);
}

TEST_CASE("the record has what the trainers were told and what became of it") {
  const Arguments short_run = {"--epochs", "3", "--backend", "naive"};
  const auto with = [&](Arguments more) { return record_of("digits", joined(short_run, more)); };

  const json sync = with({"--trainer", "sync", "--threads", "3", "--force-parallel"});
  CHECK(sync["trainer"] == "sync");
  CHECK(sync["threads"] == 3);
  CHECK(sync["threads_used"] == 3);
  CHECK(sync["force_parallel"] == true);
  CHECK(sync["incomplete"] == false);
  CHECK(sync["epochs_trained"] == 3);
  CHECK(sync["target"].is_null());
  CHECK(sync["loss_per_epoch"] == with({"--trainer", "mini-batch"})["loss_per_epoch"]);

  const json local =
      with({"--trainer", "local-sgd", "--workers", "3", "--local-steps", "5", "--sync-epochs", "1"});
  CHECK(local["workers"] == 3);
  CHECK(local["local_steps"] == 5);
  CHECK(local["sync_epochs"] == 1);
  const json threaded = with({"--trainer", "local-sgd", "--workers", "3", "--local-steps", "5",
                              "--sync-epochs", "1", "--threads", "2"});
  CHECK(local["loss_per_epoch"] == threaded["loss_per_epoch"]);

  const json strict = with({"--trainer", "hogwild", "--threads", "2"});
  CHECK(strict["hogwild_form"] == "strict");
  CHECK(strict["lost_updates"].is_number_unsigned());
  const json fast = with({"--trainer", "hogwild", "--hogwild-form", "fast"});
  CHECK(fast["hogwild_form"] == "fast");
  CHECK(fast["lost_updates"].is_null());

  const json ensemble = with({"--trainer", "ensemble", "--members", "3", "--threads", "2"});
  CHECK(ensemble["ensemble_of"] == "mini-batch");
  REQUIRE(ensemble["ensemble"]["members"].size() == 3);
  CHECK(ensemble["ensemble"]["members"][2]["seed"] == ensemble["seed"].get<int>() + 2);
  CHECK(ensemble["ensemble"]["members"][0]["test_accuracy"] == ensemble["test_accuracy"]);
}

TEST_CASE("a target ends the run, and the record and the text say when") {
  const json met = record_of("breast_cancer", {"--target-accuracy", "0.97", "--backend", "naive"});
  CHECK(met["target"]["met"] == true);
  CHECK(met["target"]["epochs"] == met["epochs_trained"]);
  CHECK(met["epochs_trained"] < 1000);
  CHECK(met["target"]["seconds"] < met["target"]["seconds_with_evaluation"]);
  CHECK(met["target"]["held_out_accuracy"] >= 0.97);
  CHECK(met["target_accuracy"] == 0.97);
  const json missed = record_of("breast_cancer", {"--target-loss", "1e-9", "--epochs", "20"});
  CHECK(missed["target"]["met"] == false);
  CHECK(missed["target"]["epochs"] == 20);
  CHECK(missed["target"]["held_out_accuracy"].is_null());
  CHECK(run("breast_cancer", {"--target-accuracy", "0.97"}).out.find("Target met after ") !=
        std::string::npos);
  CHECK(run("moons", {"--target-loss", "1e-9"}).out.find("Target not met after 10 epochs") !=
        std::string::npos);
  // Met by the update before the first epoch: nothing to print is no reason to fail.
  CHECK(run("worked_examples", {"--target-loss", "100"}).exit_code == 0);
}

TEST_CASE("a run that diverges on several threads ends with 4 and names the epoch") {
  for (const char* trainer : {"full-batch", "sync", "hogwild", "local-sgd", "ensemble"}) {
    Arguments arguments = {"--trainer", trainer, "--threads",    "2", "--learning-rate", "1e6",
                           "--epochs",  "1000",  "--batch-size", "10"};
    const Finished result = run("regression", arguments);
    INFO(trainer << ": " << result.err);
    CHECK(result.exit_code == 4);
    CHECK(result.out.empty());
    CHECK(result.err.find("training diverged: the loss became ") != std::string::npos);
    CHECK(result.err.find(" in epoch ") != std::string::npos);
    CHECK(result.err.find("(learning rate 1e+06)") != std::string::npos);
  }
}

TEST_CASE("options of optimisers and schedules are checked") {
  check_refused("moons", {"--beta1", "0.5"},
                "--beta1: is for adam or adamw, not for sgd with a constant rate");
  check_refused(
      "moons", {"--optimiser", "adam", "--momentum", "0.5"},
      "--momentum: is for " + optimisers_with("--momentum") + ", not for adam with a constant rate");
  check_refused("moons", {"--step-epochs", "2", "--schedule", "cosine"},
                "--step-epochs: is for step, not for sgd with a cosine rate");
  check_refused("moons", {"--optimiser", "adam", "--beta2", "1"},
                "--beta2: '1' is not a number from 0 to below 1");
  check_refused("moons", {"--optimiser", "adam", "--epsilon", "-1"},
                "--epsilon: '-1' is not a finite number of at least 0");
  check_refused("moons", {"--schedule", "cosine", "--warmup-epochs", "10"},
                "--warmup-epochs 10.0: must be below the epochs of the run, 10");
  check_refused("moons", {"--l2", "-1"}, "--l2: '-1' is not a finite number of at least 0");
  check_refused("moons", {"--clip-norm", "0"}, "--clip-norm: '0' is not a finite number above 0");
  check_refused("moons", {"--trainer", "hogwild", "--optimiser", "adam"},
                "--optimiser adam: keeps a state, which the threads of hogwild would mix; it takes sgd");
  check_refused("moons", {"--trainer", "ensemble", "--ensemble-of", "hogwild", "--optimiser", "momentum"},
                "--optimiser momentum: keeps a state, which the threads of hogwild would mix; it takes sgd");
  check_refused("moons", {"--local-state", "reset"},
                "--local-state: is for trainer local-sgd, not for mini-batch");
  const Finished unknown = run("moons", {"--optimiser", "shampoo"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err.find("--optimiser: unknown optimiser 'shampoo'; there are: sgd, momentum") !=
        std::string::npos);
}

TEST_CASE("the record says what updated the parameters") {
  const json plain = record_of("moons", {});
  CHECK(plain["optimiser"] == "sgd");
  CHECK(plain["schedule"] == "constant");
  CHECK(plain["weight_decay"] == 0.0);
  CHECK(plain["clip_norm"].is_null());
  CHECK(plain.at("hyper_parameters").is_null());
  const json adamw = record_of("moons", {"--optimiser", "adamw", "--beta1", "0.8", "--schedule", "cosine",
                                         "--warmup-epochs", "2", "--clip-norm", "3", "--l2", "0.5"});
  CHECK(adamw["optimiser"] == "adamw");
  CHECK(adamw["hyper_parameters"] ==
        json{{"beta1", 0.8}, {"beta2", 0.999}, {"epsilon", 1e-8}, {"warmup_epochs", 2.0}});
  CHECK(adamw["weight_decay"] == 0.01);
  CHECK(adamw["clip_norm"] == 3.0);
  CHECK(adamw["l2"] == 0.5);
}
