// The study of optimisers: the choice by validation, other seeds for the result, the report.

#include <algorithm>
#include <cmath>

#include "bench/report/facts.h"
#include "bench/studies/sections.h"
#include "support/json_fields.h"
#include "tests/bench/two_seeds.h"
#include "tests/catch.h"

using namespace mlpbench;
using mlpbench::test::two_seeds;

namespace {

const BackendEntry& fastest() { return *usable_backends().front(); }

const std::vector<OptimiserFact>& study_of_moons() {
  static const std::vector<OptimiserFact> facts =
      compare_optimisers({&find_experiment("moons"), &find_experiment("planar")}, fastest(), two_seeds());
  return facts;
}

}  // namespace

TEST_CASE("every optimiser is tuned with the same budget, and the best rate is chosen", "[optimisers]") {
  const std::vector<OptimiserFact>& facts = study_of_moons();
  const auto compared = std::ranges::count_if(
      all_optimisers(), [](const OptimiserEntry& entry) { return !entry.name.ends_with("-torch"); });
  REQUIRE(facts.size() == static_cast<std::size_t>(compared));  // a batch each where it is quick; no planar
  for (const OptimiserFact& fact : facts) {
    INFO(fact.optimiser);
    CHECK(fact.experiment == "moons");
    CHECK(fact.seeds == 2);
    REQUIRE(fact.rates.size() == 7);
    const auto chosen = std::ranges::find(fact.rates, fact.learning_rate, &RateFact::learning_rate);
    REQUIRE(chosen != fact.rates.end());
    for (const RateFact& rate : fact.rates) {
      CHECK(rate.learning_rate >= 0.001);
      CHECK(rate.learning_rate <= 1.0);
      CHECK(chosen->epochs_to_target <= rate.epochs_to_target);
      CHECK((rate.reached <= 2 && rate.validation_loss > 0.0));
    }
    CHECK(fact.reached == 2);
    for (const double loss : fact.validation_loss.values) CHECK(loss <= fact.target_loss);
    for (const double accuracy : fact.accuracy.values) CHECK((accuracy > 0.9 && accuracy <= 1.0));
    REQUIRE(fact.curve.loss.size() == 2);
    CHECK(fact.curve.loss[0].size() == fact.curve.epoch.size());
  }
}

TEST_CASE("the result is that of the chosen rate with other seeds than the tuning's", "[optimisers]") {
  const Experiment& moons = find_experiment("moons");
  const OptimiserFact& fact = study_of_moons().front();
  Settings settings = moons.defaults;
  settings.trainer = "mini-batch";
  settings.epochs = 120;
  settings.batch_size = 64;
  settings.keep_incomplete_batch = true;
  settings.optimiser.name = find_optimiser(fact.optimiser).name;
  settings.validation_split = 0.2;
  settings.learning_rate = fact.learning_rate;
  for (std::uint32_t seed = 1; seed <= 2; ++seed) {
    settings.seed = seed;
    const RunResult run = run_experiment(moons, build_problem(moons, settings), settings, fastest(),
                                         fact.dtype == "float32" ? DType::float32 : DType::float64);
    const std::vector<double>& losses = run.trace.validation->loss_per_epoch;
    const auto reached =
        std::ranges::find_if(losses, [&](double loss) { return loss <= fact.target_loss; }) - losses.begin();
    CHECK(fact.epochs_to_target.values[seed - 1] == static_cast<double>(reached + 1));
    CHECK(fact.validation_loss.values[seed - 1] == run.trace.validation->best_loss);
    CHECK(fact.accuracy.values[seed - 1] == *run.test_accuracy);
  }
}

TEST_CASE("the report has a row for each optimiser", "[optimisers]") {
  Document document;
  document.optimisers = study_of_moons();
  const Table table = optimiser_table(document);
  CHECK(table.rows().size() == document.optimisers.size());
  const std::string text = table.console();
  CHECK(text.find("moons") != std::string::npos);
  CHECK(text.find("adamw") != std::string::npos);
  CHECK(text.find("2/2") != std::string::npos);
  const auto json = json_of(document.optimisers.front());
  OptimiserFact read;
  take_fields(json, read);
  CHECK(json_of(read) == json);
}
