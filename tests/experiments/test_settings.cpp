#include <algorithm>
#include <cmath>
#include <string>

#include "experiments/files.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/experiments/runs.h"
#include "tests/support/backends.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using mlpbench::test::Run;

namespace {

/// The message of the UserError that building and running with these settings ends in; empty when it
/// succeeds.
std::string user_error(const Experiment& experiment, const Settings& settings, DType dtype = DType::float64) {
  try {
    test::run(experiment, settings, find_backend("naive"), dtype);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

Settings short_run(const Experiment& experiment) {
  Settings settings = experiment.defaults;
  settings.epochs = 2;
  return settings;
}

}  // namespace

TEST_CASE("settings are made from options, read as on a command line", "[experiments][settings]") {
  const Settings settings = settings_of("--hidden 8,4 --trainer sync --keep-incomplete-batch --seed 3");
  CHECK(settings.hidden == std::vector<std::size_t>{8, 4});
  CHECK(settings.trainer == "sync");
  CHECK(settings.keep_incomplete_batch);
  CHECK(settings.seed == 3);
  CHECK_THROWS_AS(settings_of("--hiden 8"), UserError);
  CHECK_THROWS_AS(settings_of("--seed 3 --epochs"), UserError);
}

TEST_CASE("a setting that does not fit is an error that names the option", "[experiments][settings]") {
  const auto error_with = [](std::string_view name, auto change, DType dtype = DType::float64) {
    const Experiment& experiment = find_experiment(name);
    Settings settings = short_run(experiment);
    change(settings);
    return user_error(experiment, settings, dtype);
  };
  CHECK(error_with("moons", [](Settings& s) { s.batch_size = 801; }) ==
        "--batch-size 801: the training data has 800 samples");
  CHECK(error_with("moons", [](Settings& s) { s.batch_size = 0; }) == "--batch-size 0: must be at least 1");
  CHECK(error_with("moons", [](Settings& s) { s.epochs = 0; }) == "--epochs 0: must be at least 1");
  CHECK(error_with("moons", [](Settings& s) { s.threads = 0; }) == "--threads 0: must be at least 1");
  CHECK(error_with("moons", [](Settings& s) {
          s.hidden = {4, 0};
        }) == "--hidden 0: a layer has 1 to 1000000 units");
  CHECK(error_with("moons", [](Settings& s) { s.hidden = {std::size_t(-1)}; }).rfind("--hidden 184", 0) == 0);
  CHECK(error_with("moons", [](Settings& s) { s.trainer = "none"; }).rfind("--trainer: ", 0) == 0);
  for (const double rate : {0.0, -0.1, std::nan(""), HUGE_VAL}) {
    CHECK(error_with("moons", [=](Settings& s) { s.learning_rate = rate; }).rfind("--learning-rate ", 0) ==
          0);
  }
  // In float32 these would become 0 and infinity.
  for (const double rate : {1e-60, 1e60}) {
    CHECK(error_with(
              "moons", [=](Settings& s) { s.learning_rate = rate; }, DType::float32) ==
          "--learning-rate " + nlohmann::json(rate).dump() + ": must be a positive number in float32");
  }
  CHECK(error_with("moons", [](Settings& s) { s.learning_rate = 1e-60; }) == "");
}

TEST_CASE("the batch size matters only to trainers that use batches", "[experiments][settings]") {
  for (const Experiment& experiment : all_experiments()) {
    for (const TrainerEntry& trainer : all_trainers()) {
      INFO(experiment.name << " " << trainer.name);
      Settings settings = short_run(experiment);
      settings.trainer = trainer.name;
      settings.batch_size = 1'000'000;
      CHECK(user_error(experiment, settings).empty() == !stepping_trainer(settings).uses_batches);
    }
  }
}

TEST_CASE("any number of hidden layers works", "[experiments][settings]") {
  test::for_each_backend(DType::float32, [](const BackendEntry& backend) {
    for (const Experiment& experiment : all_experiments()) {
      for (const std::vector<std::size_t>& hidden : {std::vector<std::size_t>{}, {3}, {5, 4, 3, 2}}) {
        Settings settings = short_run(experiment);
        settings.hidden = hidden;
        const Run run = test::run(experiment, settings, backend, DType::float32);
        INFO(experiment.name << " " << run.problem.network.shape());
        CHECK(run.problem.network.layers.size() == hidden.size() + 1);
        CHECK(run.result.layers.size() == hidden.size() + 2);
        CHECK(run.result.parameters.all().size() == run.problem.network.parameter_count());
      }
    }
  });
}

TEST_CASE("a result carries the settings, the whole trace and an evaluation", "[experiments][settings]") {
  for (const Experiment& experiment : all_experiments()) {
    INFO(experiment.name);
    Settings settings = short_run(experiment);
    settings.epochs = 23;
    settings.threads = 3;
    const Problem problem = experiment.build(settings);
    std::vector<std::size_t> progress;
    const RunResult result =
        run_experiment(experiment, problem, settings, find_backend("naive"), DType::float64,
                       [&](std::size_t done) { progress.push_back(done); });
    CHECK(result.experiment == experiment.name);
    CHECK(result.backend->name == "naive");
    CHECK(result.settings.threads == 3);
    CHECK(result.settings.epochs == 23);
    CHECK(result.trace.loss_per_epoch.size() == 23);
    CHECK(result.trace.samples_trained > 0);
    REQUIRE_FALSE(progress.empty());
    CHECK(std::is_sorted(progress.begin(), progress.end()));
    CHECK(progress.front() >= 1);
    CHECK(progress.back() == 23);
    const std::size_t classes = std::max<std::size_t>(2, problem.network.outputs());
    CHECK((problem.class_names.empty() || problem.class_names.size() == classes));
    CHECK(result.test_output.rows() == problem.network.outputs());
    CHECK(result.test_output.cols() == problem.test.samples());
    CHECK(result.test_accuracy.has_value() == (problem.task != Task::regression));
    CHECK(result.test_mse.has_value() == (problem.task == Task::regression));
    CHECK((problem.evaluated_on == "training set") == problem.test_rows.empty());
  }
}

TEST_CASE("every trainer leaves a trace of the epochs that were asked for", "[experiments][settings]") {
  for (const Experiment& experiment : all_experiments()) {
    for (const TrainerEntry& trainer : all_trainers()) {
      INFO(experiment.name << " " << trainer.name);
      Settings settings = short_run(experiment);
      settings.trainer = trainer.name;
      settings.batch_size = 2;
      settings.workers = 1;  // the worked examples have two samples
      settings.threads = 2;
      const TrainingTrace trace =
          test::run(experiment, settings, find_backend("naive"), DType::float64).result.trace;
      CHECK(trace.loss_per_epoch.size() == 2);
      CHECK((trace.mean_loss_per_epoch.empty() || trace.mean_loss_per_epoch.size() == 2));
    }
  }
}

TEST_CASE("an ensemble's members are the runs of the following seeds", "[experiments][settings]") {
  const Experiment& moons = find_experiment("moons");
  Settings settings = moons.defaults;
  std::vector<Problem> problems;
  for (int member = 0; member < 4; ++member) {
    problems.push_back(moons.build(settings));
    ++settings.seed;
  }
  settings = moons.defaults;
  settings.trainer = "ensemble";
  settings.threads = 2;
  const RunResult ensemble = run_ensemble(moons, problems, settings, find_backend("naive"), DType::float64);
  REQUIRE(ensemble.members.size() == 4);
  CHECK(ensemble.ensemble_seconds > 0.0);
  Settings alone = moons.defaults;
  for (const RunResult::Member& member : ensemble.members) {
    const RunResult expected = test::run(moons, alone, find_backend("naive"), DType::float64).result;
    CHECK(member.seed == alone.seed);
    CHECK(member.final_loss == expected.trace.loss_per_epoch.back());
    CHECK(member.test_accuracy == expected.test_accuracy);
    ++alone.seed;
  }
  CHECK(ensemble.trace.loss_per_epoch.back() == ensemble.members.front().final_loss);
  CHECK(ensemble.members[1].final_loss != ensemble.members[0].final_loss);
}

TEST_CASE("targets are checked against the task and leave a report", "[experiments][settings]") {
  const Experiment& regression = find_experiment("regression");
  Settings settings = short_run(regression);
  settings.target_accuracy = 0.5;
  CHECK(user_error(regression, settings) ==
        "--target-accuracy: a regression has none; --target-loss ends one");
  settings.target_accuracy.reset();
  settings.epochs = 500;
  settings.target_loss = 0.1;
  CHECK_FALSE(has_reference(regression, settings));
  const TrainingTrace trace =
      test::run(regression, settings, find_backend("naive"), DType::float64).result.trace;
  CHECK(trace.target.value().met);
  CHECK(trace.loss_per_epoch.size() == trace.target->epochs);
  CHECK(trace.target->epochs < 500);
  // The first update of the worked examples is not one of the epochs.
  const Experiment& worked = find_experiment("worked_examples");
  settings = short_run(worked);
  settings.target_loss = 100.0;
  const TrainingTrace at_once =
      test::run(worked, settings, find_backend("naive"), DType::float64).result.trace;
  CHECK(at_once.target.value().epochs == 0);
  CHECK(at_once.loss_per_epoch.empty());
}

TEST_CASE("the last incomplete batch is dropped or kept", "[experiments][settings]") {
  const Experiment& moons = find_experiment("moons");
  Settings settings = short_run(moons);
  settings.batch_size = 30;
  const auto samples = [&] {
    return test::run(moons, settings, find_backend("naive"), DType::float64).result.trace.samples_trained;
  };
  CHECK(samples() == 2 * 780);
  settings.keep_incomplete_batch = true;
  CHECK(samples() == 2 * 800);
}

TEST_CASE("divergence is a wrong result, in the loss and after the last update", "[experiments][settings]") {
  const Experiment& regression = find_experiment("regression");
  Settings settings = regression.defaults;
  test::for_each_backend(DType::float64, [&](const BackendEntry& backend) {
    settings.epochs = 1000;
    settings.learning_rate = 1e6;
    CHECK_THROWS_AS(test::run(regression, settings, backend, DType::float64), WrongResult);
    settings.epochs = 1;
    settings.learning_rate = 1e200;
    CHECK_THROWS_AS(test::run(regression, settings, backend, DType::float64), WrongResult);
  });
}

TEST_CASE("data and reference values can come from another folder", "[experiments][settings]") {
  const Experiment& tumours = find_experiment("breast_cancer");
  CHECK(user_error(tumours, short_run(tumours)) == "");
  {
    const test::TemporaryFolder folder;
    const test::ScopedVariable variable("MLPBENCH_DATA_DIR", folder.path());
    CHECK(user_error(tumours, short_run(tumours)).find(data_path("breast_cancer.csv")) != std::string::npos);
    folder.write("breast_cancer.csv", "size,benign\n1,0\n2,2\n");
    CHECK(user_error(tumours, short_run(tumours)) ==
          data_path("breast_cancer.csv") + ": row 3, column 2 (benign): must be 0 or 1");
  }
  CHECK(user_error(tumours, short_run(tumours)) == "");
}
