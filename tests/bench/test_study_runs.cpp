// Studies as parts of a run: which are made, in what dtype, what they are expected to take, and the journal.

#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/measure/measure.h"
#include "bench/programs/run.h"
#include "core/training/thread_pool.h"
#include "support/error.h"
#include "tests/bench/two_seeds.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

/// A run of one short round.
Comparison timed_once(const Selection& selection) {
  MeasureOptions options;
  options.rounds = 1;
  options.seconds_per_run = 1e-4;
  return measure(select_cases(selection), options, {});
}

}  // namespace

TEST_CASE("what a study trained is in the journal, and is not trained again") {
  Selection selection;
  selection.experiments = {"moons"};
  selection.backends = {"naive"};
  selection.dtypes = {"float64"};
  const Comparison comparison = timed_once(selection);
  const std::vector<std::string> studies = {"over_seeds", "curves", "time_to_accuracy", "boundaries"};

  // Interrupted when the boundaries begin.
  const TemporaryFolder folder;
  const std::string path = folder.file("journal.jsonl");
  Journal first = Journal::begin(path, {{"build", "x"}});
  std::atomic<bool> interrupt = false;
  std::vector<std::string> begun, told;
  StudySetting setting = two_seeds();
  setting.interrupt = &interrupt;
  setting.journal = &first;
  setting.begin = [&](const std::string& study) {
    begun.push_back(study);
    if (study == "boundaries") interrupt = true;
  };
  Document document = run_document(comparison, RunOptions());
  CHECK_FALSE(add_studies(comparison, studies, setting, document));
  const nlohmann::ordered_json interrupted = json_of(document);
  CHECK(begun == studies);
  CHECK_FALSE(interrupted.at("curves").empty());
  CHECK(interrupted.at("boundaries").empty());

  Journal journal = Journal::resume(path, {{"build", "x"}});
  begun.clear();
  interrupt = false;
  setting.journal = &journal;
  setting.begin = [&](const std::string& study) { begun.push_back(study); };
  setting.tell = [&](const std::string& what) { told.push_back(what); };
  document = run_document(comparison, RunOptions());
  CHECK(add_studies(comparison, studies, setting, document));
  const nlohmann::ordered_json resumed = json_of(document);
  CHECK(begun == studies);
  REQUIRE(told.size() == 2);
  for (const std::string& what : told)
    CHECK(what.starts_with("decision boundary, moons on naive, run 1 of 1"));
  CHECK(resumed.at("status") == "complete");
  CHECK_FALSE(resumed.at("boundaries").empty());
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
    const bool of_threads = study == "scaling" || study == "crossover" || study == "determinism";
    if (!of_threads || running_threads(2) > 1) CHECK(seconds(study, two_seeds()) > 0.0);
  }
  // 400 epochs of moons by six trainers, twice a seed.
  setting = two_seeds();
  const double two = seconds("time_to_accuracy", setting);
  setting.seeds = 2000;
  CHECK(seconds("time_to_accuracy", setting) > 50.0 * two);

  for (CaseResult& row : comparison.cases) row.what.unusable_reason = "planted";
  for (const std::string& study : study_names()) CHECK(seconds(study, two_seeds()) == 0.0);
}

TEST_CASE("the time left: parts to come, and the rest of the one under way") {
  Schedule schedule;
  schedule.add(100.0);
  schedule.add(50.0);
  schedule.add(0.0);
  CHECK(schedule.seconds_left() == 150.0);
  schedule.begin(0);
  CHECK(schedule.seconds_left() == Approx(150.0).margin(1.0));
  CHECK(schedule.progress("what").what == "what");
  CHECK(schedule.progress("what").share == Approx(0.0).margin(0.01));
  schedule.begin(1);
  CHECK(schedule.seconds_left() == Approx(50.0).margin(1.0));
  schedule.begin(2);
  const double early = schedule.seconds_left();
  CHECK(early < 1.0);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(schedule.seconds_left() > early);  // longer than it was expected to take
  schedule.end();
  CHECK(schedule.seconds_left() == 0.0);
  CHECK(schedule.progress("").share == 1.0);
  schedule.begin(7);  // nothing was planned
  CHECK(schedule.seconds_left() == 0.0);
}

TEST_CASE("visits weigh what they were expected to, then what they took, until they are closed") {
  Schedule schedule;
  schedule.add(8.0, 2.0, 10);
  schedule.add(0.0, 1.0, 10);
  CHECK(schedule.seconds_left() == 38.0);
  schedule.begin(0);
  schedule.end();
  CHECK(schedule.seconds_left() == 30.0);
  schedule.visited(0, 3.0);
  CHECK(schedule.seconds_left() == 9 * 3.0 + 10.0);
  schedule.visited(0, 5.0);
  CHECK(schedule.seconds_left() == 8 * 4.0 + 10.0);
  schedule.skip_visit(1);
  CHECK(schedule.seconds_left() == 8 * 4.0 + 9.0);
  schedule.close(0);
  CHECK(schedule.seconds_left() == 9.0);
}

TEST_CASE("studies are chosen by name") {
  CHECK(chosen_studies({"none"}).empty());
  CHECK(chosen_studies({"all"}) == study_names(true));
  CHECK(chosen_studies({"crossover", "determinism"}) == std::vector<std::string>{"crossover", "determinism"});
  for (const std::string& name : study_names(true)) CHECK((name != "crossover" && name != "determinism"));
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
  StudySetting setting = two_seeds();
  setting.seeds = 1;
  for (const std::vector<std::string>& dtypes :
       {std::vector<std::string>{"float64"}, {"float32"}, {"float64", "float32"}}) {
    selection.dtypes = dtypes;
    const Comparison comparison = timed_once(selection);
    Document document = run_document(comparison, RunOptions());
    REQUIRE(add_studies(comparison, {"curves", "time_to_accuracy", "scaling"}, setting, document));
    const nlohmann::ordered_json results = json_of(document);
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
  Comparison comparison = timed_once(selection);

  Document document = run_document(comparison, RunOptions());
  CHECK(add_studies(comparison, {"over_seeds", "curves", "roofline", "boundaries"}, two_seeds(), document));
  const nlohmann::ordered_json results = json_of(document);
  CHECK(results.at("status") == "complete");
  CHECK(results.at("cases").at(0).at("over_seeds").at("seeds") == nlohmann::ordered_json({42, 43}));
  CHECK(results.at("cases").at(0).at("over_seeds").at("final_loss").at(0) ==
        results.at("cases").at(0).at("record").at("loss_curve").at("loss").back());
  CHECK(results.at("time_to_accuracy").empty());
  CHECK(results.at("scaling").empty());
  for (const auto& curve : results.at("curves")) {
    CHECK(curve.at("experiment") == "moons");
    CHECK(curve.at("backend") == fastest);
  }
  for (const auto& point : results.at("roofline").at("points")) CHECK(point.at("dtype") == "float64");
  REQUIRE(results.at("boundaries").size() == 1);
  CHECK(results.at("boundaries").at(0).at("fastest").at("backend") == fastest);

  // Seeds that were not asked for, a backend that is wrong, somebody who wants to end.
  document = run_document(comparison, RunOptions());
  StudySetting setting = two_seeds();
  setting.seeds = 1;
  CHECK(add_studies(comparison, {"over_seeds"}, setting, document));
  CHECK_FALSE(document.cases.at(0).over_seeds);
  const std::atomic<bool> interrupt = true;
  setting.interrupt = &interrupt;
  CHECK_FALSE(add_studies(comparison, {"curves"}, setting, document));
  CHECK(document.status == "interrupted");
  CHECK(document.curves.empty());
  comparison.cases[0].wrong = "planted";
  document = run_document(comparison, RunOptions());
  CHECK(add_studies(comparison, study_names(), two_seeds(), document));
  CHECK(document.curves.empty());
  CHECK_FALSE(document.cases.at(0).over_seeds);
}
