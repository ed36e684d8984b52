#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/measure.h"
#include "bench/results_json.h"
#include "bench/scaling/study.h"
#include "bench/studies/boundaries.h"
#include "bench/studies/curves.h"
#include "bench/studies/estimate.h"
#include "bench/studies/over_seeds.h"
#include "bench/studies/studies.h"
#include "bench/studies/study_clock.h"
#include "bench/studies/thread_scaling.h"
#include "bench/studies/time_to_accuracy.h"
#include "core/error.h"
#include "core/training/thread_team.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;

namespace {

const Experiment& experiment(std::string_view name) {
  const auto all = all_experiments();
  return *std::find_if(all.begin(), all.end(), [name](const Experiment& e) { return e.name == name; });
}

const BackendEntry& naive() { return find_backend("naive"); }

StudySetting two_seeds() {
  StudySetting setting;
  setting.seeds = 2;
  setting.quick = true;
  return setting;
}

std::vector<double> losses(const std::vector<SeedResult>& results) {
  std::vector<double> all;
  for (const SeedResult& result : results) all.push_back(result.final_loss.value());
  return all;
}

}  // namespace

TEST_CASE("numbers are rounded to digits, not to decimals") {
  CHECK(rounded(1.0 / 3.0, 5) == 0.33333);
  CHECK(rounded(-123456.0, 2) == -120000.0);
  CHECK(rounded(1.26e-16, 2) == 1.3e-16);
  CHECK(rounded(0.0, 3) == 0.0);
  CHECK(std::isnan(rounded(std::nan(""), 3)));
}

TEST_CASE("each seed has a result of its own, the same one every time") {
  const Experiment& moons = experiment("moons");
  const auto once = over_seeds(moons, moons.defaults, 42, 3, naive(), DType::float64, nullptr);
  const auto again = over_seeds(moons, moons.defaults, 42, 3, naive(), DType::float64, nullptr);
  REQUIRE(once.size() == 3);
  CHECK(losses(once) == losses(again));
  CHECK(once[0].final_loss != once[1].final_loss);
  CHECK(once[1].final_loss != once[2].final_loss);

  // The experiment's own seed is the run that its program makes.
  const Problem problem = moons.build(moons.defaults);
  const SeedResult own = seed_result(run_experiment(moons, problem, moons.defaults, naive(), DType::float64));
  CHECK(own.seed == 42);
  CHECK(own.final_loss == once[0].final_loss);
  CHECK(own.test_accuracy == once[0].test_accuracy);

  const auto json = over_seeds_json(once);
  CHECK(json.at("seeds") == nlohmann::ordered_json({42, 43, 44}));
  CHECK(json.at("test_accuracy").size() == 3);
  CHECK(json.at("test_mse").is_null());
  CHECK(json.at("final_loss").at(1) == once[1].final_loss.value());
}

TEST_CASE("seeds that were interrupted are no result") {
  const std::atomic<bool> interrupt = true;
  const Experiment& moons = experiment("moons");
  CHECK_THROWS_AS(over_seeds(moons, moons.defaults, 42, 2, naive(), DType::float64, &interrupt), Interrupted);
}

TEST_CASE("threads of their own leave the seeds what they are") {
  const Experiment& moons = experiment("moons");
  Settings settings = moons.defaults;
  settings.trainer = "sync";
  settings.threads = 2;
  const auto shared = over_seeds(moons, settings, 42, 2, naive(), DType::float64, nullptr);
  CHECK(losses(shared) == losses(over_seeds(moons, moons.defaults, 42, 2, naive(), DType::float64, nullptr)));
}

TEST_CASE("a seed that diverges is null among the others") {
  const Experiment& regression = experiment("regression");
  Settings settings = regression.defaults;
  settings.learning_rate = 1e3;
  auto results = over_seeds(regression, settings, 1, 1, naive(), DType::float64, nullptr);
  CHECK_FALSE(results.at(0).final_loss.has_value());
  results.push_back(over_seeds(regression, regression.defaults, 2, 1, naive(), DType::float64, nullptr)[0]);
  const auto json = over_seeds_json(results);
  CHECK(json.at("final_loss").at(0).is_null());
  CHECK(json.at("final_loss").at(1).is_number());
  CHECK(json.at("test_mse").at(0).is_null());
  CHECK(json.at("test_accuracy").is_null());
}

TEST_CASE("curves compare the trainers that make sense, the experiment's own first") {
  const std::vector<Settings> planar = curve_settings(experiment("planar"), {}, false);
  REQUIRE(planar.size() >= 3);
  CHECK(planar[0].trainer == "full-batch");
  CHECK(planar[0].epochs == 10000);
  for (std::size_t i = 1; i < planar.size(); ++i) CHECK(planar[i].epochs == 1000);

  // Two samples fill no batch.
  CHECK(curve_settings(experiment("worked_examples"), {}, false).size() == 1);
  const std::vector<Settings> chosen = curve_settings(experiment("moons"), {"local-sgd"}, false);
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0].trainer == "local-sgd");
}

TEST_CASE("curves have a loss at every point and seconds for every seed") {
  const auto once = loss_curves(experiment("moons"), {"mini-batch", "full-batch"}, naive(), two_seeds());
  const auto json = curves_json(once);
  REQUIRE(json.size() == 2);
  for (const auto& curve : json) {
    INFO(curve.dump());
    CHECK(curve.at("experiment") == "moons");
    CHECK(curve.at("backend") == "naive");
    CHECK(curve.at("dtype") == "float32");
    CHECK(curve.at("threads").get<int>() >= 1);
    CHECK(curve.at("seeds") == nlohmann::ordered_json({42, 43}));
    CHECK(curve.at("epoch").size() == 10);
    REQUIRE(curve.at("loss").size() == 2);
    REQUIRE(curve.at("seconds_per_epoch").size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(curve.at("loss").at(i).size() == 10);
      CHECK(curve.at("loss").at(i).front() > curve.at("loss").at(i).back());
      CHECK(curve.at("seconds_per_epoch").at(i) > 0.0);
    }
    CHECK(curve.at("loss").at(0) != curve.at("loss").at(1));
  }
  CHECK(json.at(0).at("trainer") == "mini-batch");
  CHECK(json.at(0).at("batch_size") == 32);
  CHECK(json.at(1).at("batch_size") == 800);

  const auto again = loss_curves(experiment("moons"), {"mini-batch"}, naive(), two_seeds());
  CHECK(curves_json(again).at(0).at("loss") == json.at(0).at("loss"));
}

TEST_CASE("a seed that never reached its target counts as infinite, and is null") {
  const auto most = to_target_json({7.0, kNotReached, 5.0, 9.0, 6.0, 8.0});
  CHECK(most.at("median") == 7.5);
  CHECK(most.at("lowest") == 5.0);
  CHECK(most.at("highest").is_null());
  CHECK(most.at("interval").at("low") == 5.0);
  CHECK(most.at("interval").at("high").is_null());
  CHECK(most.at("seeds").at(0) == 7.0);
  CHECK(most.at("seeds").at(1).is_null());

  const auto half = to_target_json({1.0, 2.0, kNotReached, kNotReached});
  CHECK(half.at("median").is_null());
  CHECK(half.at("lowest") == 1.0);
  CHECK(half.at("interval").is_null());  // four seeds have none
  CHECK(to_target_json({kNotReached}).at("lowest").is_null());

  StudyRow row;
  row.accuracy = {0.9, 0.8, 0.95};
  row.epochs_to_target = {10.0, kNotReached, 12.0};
  CHECK(row.reached() == 2);
}

TEST_CASE("time to accuracy is of the selected experiments that have a target") {
  CHECK(time_to_accuracy({"planar", "regression"}, naive(), two_seeds()).is_null());
  const auto json = time_to_accuracy({"planar", "breast_cancer"}, *usable_backends().front(), two_seeds());
  REQUIRE(json.size() == 6);
  for (const auto& row : json) {
    INFO(row.dump());
    CHECK(row.at("experiment") == "breast_cancer");
    CHECK(row.at("seeds") == 2);
    CHECK(row.at("epochs") == 200);
    const auto& seeds = row.at("epochs_to_target").at("seeds");
    REQUIRE(seeds.size() == 2);
    CHECK(2 - std::count(seeds.begin(), seeds.end(), nlohmann::ordered_json()) ==
          row.at("seeds_that_reached").get<std::ptrdiff_t>());
    CHECK(row.at("seconds_to_target").at("lowest") <=
          row.at("seconds_to_target_with_evaluation").at("lowest"));
  }
}

TEST_CASE("threads to compare are powers of two and all CPUs") {
  CHECK(threads_to_compare(1).empty());
  CHECK(threads_to_compare(2) == std::vector<std::size_t>{2});
  CHECK(threads_to_compare(6) == std::vector<std::size_t>{2, 4, 6});
  CHECK(threads_to_compare(8) == std::vector<std::size_t>{2, 4, 8});
}

TEST_CASE("a boundary against itself has no difference, against another network it has") {
  const Experiment& moons = experiment("moons");
  const Problem problem = moons.build(moons.defaults);
  const RunResult run = run_experiment(moons, problem, moons.defaults, naive(), DType::float64);
  const auto same = boundary_json(problem, run, run, 8);
  CHECK(same.at("experiment") == "moons");
  CHECK(same.at("dtype") == "float64");
  CHECK(same.at("grid") == 8);
  CHECK(same.at("largest_difference") == 0.0);
  CHECK(same.at("difference") == nlohmann::ordered_json(std::vector<double>(64, 0.0)));
  CHECK(same.at("fastest").at("probabilities") == same.at("naive"));
  CHECK(same.at("naive").size() == 64);
  CHECK(same.at("test").size() == 200);
  CHECK(same.at("train").size() == 400);
  for (const auto& p : same.at("naive")) CHECK((p >= 0.0 && p <= 1.0));
  // Row by row from the lowest y: the upper half circle is class 0.
  CHECK(same.at("naive").front() > same.at("naive").back());
  for (const auto& sample : same.at("test")) {
    CHECK((sample.at(0) > same.at("x").at(0) && sample.at(0) < same.at("x").at(1)));
    CHECK((sample.at(1) > same.at("y").at(0) && sample.at(1) < same.at("y").at(1)));
  }

  RunResult other = run;
  other.parameters.all()[0] += 0.5;
  const auto apart = boundary_json(problem, run, other, 8);
  CHECK(apart.at("largest_difference") > 1e-3);
  const auto& difference = apart.at("difference");
  CHECK(*std::max_element(difference.begin(), difference.end()) ==
        rounded(apart.at("largest_difference"), 2));

  CHECK(boundary_of(experiment("regression"), naive(), two_seeds()).is_null());
  CHECK(boundary_of(experiment("worked_examples"), naive(), two_seeds()).is_null());
}

TEST_CASE("what a study found is in the journal, and is not made again") {
  Selection selection;
  selection.experiments = {"moons"};
  selection.backends = {"naive"};
  selection.dtypes = {"float64"};
  MeasureOptions options;
  options.rounds = 1;
  options.seconds_per_run = 1e-4;
  const Comparison comparison = measure(select_cases(selection), options, {});
  RunOptions run;
  run.measure = options;
  const std::vector<std::string> studies = {"over_seeds", "curves", "time_to_accuracy", "boundaries"};

  // Interrupted when the boundaries begin.
  const test::TemporaryFolder folder;
  const std::string path = folder.file("journal.jsonl");
  Journal first = Journal::begin(path, {{"build", "x"}});
  std::atomic<bool> interrupt = false;
  std::vector<std::string> begun;
  StudySetting setting = two_seeds();
  setting.interrupt = &interrupt;
  setting.begin = [&](const std::string& study) {
    begun.push_back(study);
    if (study == "boundaries") interrupt = true;
  };
  nlohmann::ordered_json interrupted = results_json(comparison, run);
  CHECK_FALSE(add_studies(comparison, studies, setting, interrupted, &first));
  CHECK(begun == studies);
  CHECK(interrupted.contains("curves"));
  CHECK_FALSE(interrupted.contains("boundaries"));

  Journal journal = Journal::resume(path, {{"build", "x"}});
  CHECK(journal.study("boundaries") == nullptr);
  begun.clear();
  interrupt = false;
  setting.begin = [&](const std::string& study) { begun.push_back(study); };
  nlohmann::ordered_json resumed = results_json(comparison, run);
  CHECK(add_studies(comparison, studies, setting, resumed, &journal));
  CHECK(begun == std::vector<std::string>{"boundaries"});
  CHECK(resumed.at("status") == "complete");
  CHECK(resumed.contains("boundaries"));
  CHECK(resumed.at("cases").at(0).at("over_seeds").at("seeds").size() == 2);
  for (const char* same : {"curves", "time_to_accuracy"}) CHECK(resumed.at(same) == interrupted.at(same));
  CHECK(resumed.at("cases") == interrupted.at("cases"));
}

TEST_CASE("studies are expected to take what their trainings take") {
  Comparison comparison;
  Selection selection;
  selection.experiments = {"moons", "regression"};
  selection.backends = {"naive"};
  const std::vector<Case> cases = select_cases(selection);
  for (const Case& what : cases) comparison.cases.emplace_back().what = what;
  comparison.problems = build_problems(cases, nullptr);
  std::vector<CaseCost> costs(cases.size(), {1000.0, 0.0});
  const auto seconds = [&](const std::string& study, const StudySetting& setting) {
    const std::vector<StudyCost> all = estimate_studies(comparison, costs, {study}, setting);
    REQUIRE(all.size() == 1);
    CHECK(all[0].name == study);
    return all[0].seconds;
  };
  StudySetting setting = two_seeds();
  // One other seed for each of four cases, none for an ensemble; more of them share the CPUs.
  CHECK(seconds("over_seeds", setting) == 4000.0);
  setting.seeds = 1;
  CHECK(seconds("over_seeds", setting) == 0.0);
  setting.seeds = 101;
  const double at_once = static_cast<double>(running_threads(100));
  CHECK(seconds("over_seeds", setting) == 4000.0 * std::ceil(100.0 / at_once));
  for (const std::string& study : study_names()) {
    INFO(study);
    if (study != "scaling" || running_threads(2) > 1) CHECK(seconds(study, two_seeds()) > 0.0);
  }
  // 400 epochs of moons by six trainers, twice a seed.
  setting = two_seeds();
  const double two = seconds("time_to_accuracy", setting);
  setting.seeds = 2000;
  CHECK(seconds("time_to_accuracy", setting) > 50.0 * two);

  for (CaseResult& row : comparison.cases) row.what.unusable_reason = "planted";
  for (const std::string& study : study_names()) CHECK(seconds(study, two_seeds()) == 0.0);
}

TEST_CASE("the time left of studies: those to come, and the rest of the one under way") {
  StudyClock clock({{"curves", 100.0}, {"scaling", 50.0}, {"roofline", 0.0}});
  CHECK(clock.seconds_left() == 150.0);
  clock.begin("curves");
  CHECK(clock.seconds_left() == Approx(150.0).margin(1.0));
  CHECK(clock.progress("what", 50.0).share == Approx(0.25).margin(0.01));
  CHECK(clock.progress("what", 50.0).what == "what");
  clock.begin("scaling");
  CHECK(clock.seconds_left() == Approx(50.0).margin(1.0));
  clock.begin("roofline");
  const double early = clock.seconds_left();
  CHECK(early < 1.0);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(clock.seconds_left() > early);  // longer than it was expected to take
  StudyClock none;
  none.begin("curves");
  CHECK(none.seconds_left() == 0.0);
  CHECK(none.progress("", 1.0).share == 1.0);
}

TEST_CASE("studies are chosen by name") {
  CHECK(chosen_studies({"none"}).empty());
  CHECK(chosen_studies({"all"}) == study_names());
  CHECK(chosen_studies({"roofline", "curves"}) == std::vector<std::string>{"curves", "roofline"});
  CHECK_THROWS_AS(chosen_studies({"roof"}), UserError);
  CHECK_THROWS_WITH(chosen_studies({"all", "curves"}), ContainsSubstring("'all' stands alone"));
  CHECK_THROWS_WITH(chosen_studies({"curves", "none"}), ContainsSubstring("'none' stands alone"));
}

TEST_CASE("curves, times to accuracy and scaling are in float32, or in float64 where only that is selected") {
  Selection selection;
  selection.experiments = {"breast_cancer"};
  selection.backends = {"naive"};
  selection.trainers = {"full-batch"};
  MeasureOptions options;
  options.rounds = 1;
  options.seconds_per_run = 1e-4;
  StudySetting setting = two_seeds();
  setting.seeds = 1;
  for (const std::vector<std::string>& dtypes :
       {std::vector<std::string>{"float64"}, {"float32"}, {"float64", "float32"}}) {
    selection.dtypes = dtypes;
    const Comparison comparison = measure(select_cases(selection), options, {});
    RunOptions run;
    nlohmann::ordered_json results = results_json(comparison, run);
    REQUIRE(add_studies(comparison, {"curves", "time_to_accuracy", "scaling"}, setting, results));
    for (const char* section : {"curves", "time_to_accuracy", "scaling"}) {
      if (std::string(section) == "scaling" && running_threads(2) == 1) continue;
      INFO(section);
      REQUIRE_FALSE(results.at(section).empty());
      for (const auto& entry : results.at(section)) {
        CHECK(entry.at("dtype") == dtypes.back());
        CHECK(entry.value("wrong", nlohmann::ordered_json()).is_null());
      }
    }
    // The losses are that dtype's, not only called so: float32 has other last digits.
    const auto& loss = results.at("curves").at(0).at("loss").at(0);
    INFO(loss.back());
    const CaseResult& last = comparison.cases.back();
    CHECK(loss.back() == rounded(last.run->trace.loss_per_epoch.back(), 5));
  }
}

TEST_CASE("studies are of what a run selected and found right") {
  const std::string_view fastest = usable_backends().front()->name;
  Selection selection;
  selection.experiments = {"moons"};
  selection.backends = {std::string(fastest)};
  selection.dtypes = {"float64"};
  MeasureOptions options;
  options.rounds = 1;
  options.seconds_per_run = 1e-4;
  Comparison comparison = measure(select_cases(selection), options, {});
  RunOptions run;
  run.measure = options;

  nlohmann::ordered_json results = results_json(comparison, run);
  CHECK(add_studies(comparison, {"over_seeds", "curves", "roofline", "boundaries"}, two_seeds(), results));
  CHECK(results.at("status") == "complete");
  CHECK(results.at("cases").at(0).at("over_seeds").at("seeds") == nlohmann::ordered_json({42, 43}));
  CHECK(results.at("cases").at(0).at("over_seeds").at("final_loss").at(0) ==
        results.at("cases").at(0).at("record").at("loss_curve").at("loss").back());
  CHECK_FALSE(results.contains("time_to_accuracy"));
  CHECK_FALSE(results.contains("scaling"));
  for (const auto& curve : results.at("curves")) {
    CHECK(curve.at("experiment") == "moons");
    CHECK(curve.at("backend") == fastest);
  }
  for (const auto& point : results.at("roofline").at("points")) CHECK(point.at("dtype") == "float64");
  REQUIRE(results.at("boundaries").size() == 1);
  CHECK(results.at("boundaries").at(0).at("fastest").at("backend") == fastest);

  // Seeds that were not asked for, a backend that is wrong, somebody who wants to end.
  results = results_json(comparison, run);
  StudySetting setting = two_seeds();
  setting.seeds = 1;
  CHECK(add_studies(comparison, {"over_seeds"}, setting, results));
  CHECK_FALSE(results.at("cases").at(0).contains("over_seeds"));
  const std::atomic<bool> interrupt = true;
  setting.interrupt = &interrupt;
  CHECK_FALSE(add_studies(comparison, {"curves"}, setting, results));
  CHECK(results.at("status") == "interrupted");
  CHECK_FALSE(results.contains("curves"));
  comparison.cases[0].wrong = "planted";
  results = results_json(comparison, run);
  CHECK(add_studies(comparison, study_names(), two_seeds(), results));
  CHECK_FALSE(results.contains("curves"));
  CHECK_FALSE(results.at("cases").at(0).contains("over_seeds"));
}
