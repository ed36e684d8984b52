#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "bench/studies/sections.h"
#include "core/training/thread_pool.h"
#include "support/json_fields.h"
#include "tests/bench/two_seeds.h"
#include "tests/catch.h"

using namespace mlpbench;
using mlpbench::test::two_seeds;

namespace {

const BackendEntry& naive() { return find_backend("naive"); }

std::vector<double> losses(const std::vector<RunResult::Member>& results) {
  std::vector<double> all;
  for (const RunResult::Member& result : results) all.push_back(result.final_loss);
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
  const Experiment& moons = find_experiment("moons");
  const auto once = over_seeds(moons, moons.defaults, 42, 3, naive(), DType::float64, nullptr);
  const auto again = over_seeds(moons, moons.defaults, 42, 3, naive(), DType::float64, nullptr);
  REQUIRE(once.size() == 3);
  CHECK(losses(once) == losses(again));
  CHECK(once[0].final_loss != once[1].final_loss);
  CHECK(once[1].final_loss != once[2].final_loss);

  // The experiment's own seed is the run that its program makes.
  const Problem problem = moons.build(moons.defaults);
  const RunResult::Member own =
      member_of(run_experiment(moons, problem, moons.defaults, naive(), DType::float64));
  CHECK(own.seed == 42);
  CHECK(own.final_loss == once[0].final_loss);
  CHECK(own.test_accuracy == once[0].test_accuracy);

  const auto json = json_of(seeds_fact(once));
  CHECK(json.at("seeds") == nlohmann::ordered_json({42, 43, 44}));
  CHECK(json.at("test_accuracy").size() == 3);
  CHECK(json.at("test_mse").is_null());
  CHECK(json.at("final_loss").at(1) == once[1].final_loss);
}

TEST_CASE("seeds that were interrupted are no result") {
  const std::atomic<bool> interrupt = true;
  const Experiment& moons = find_experiment("moons");
  CHECK_THROWS_AS(over_seeds(moons, moons.defaults, 42, 2, naive(), DType::float64, &interrupt), Interrupted);
}

TEST_CASE("threads of their own leave the seeds what they are") {
  const Experiment& moons = find_experiment("moons");
  Settings settings = moons.defaults;
  settings.trainer = "sync";
  settings.threads = 2;
  const auto shared = over_seeds(moons, settings, 42, 2, naive(), DType::float64, nullptr);
  CHECK(losses(shared) == losses(over_seeds(moons, moons.defaults, 42, 2, naive(), DType::float64, nullptr)));
}

TEST_CASE("a seed that diverges is null among the others") {
  const Experiment& regression = find_experiment("regression");
  Settings settings = regression.defaults;
  settings.learning_rate = 1e3;
  auto results = over_seeds(regression, settings, 1, 1, naive(), DType::float64, nullptr);
  CHECK(std::isnan(results.at(0).final_loss));
  results.push_back(over_seeds(regression, regression.defaults, 2, 1, naive(), DType::float64, nullptr)[0]);
  const auto json = json_of(seeds_fact(results));
  CHECK(json.at("final_loss").at(0).is_null());
  CHECK(json.at("final_loss").at(1).is_number());
  CHECK(json.at("test_mse").at(0).is_null());
  CHECK(json.at("test_accuracy").is_null());
}

TEST_CASE("curves compare the trainers that make sense, the experiment's own first") {
  const std::vector<Settings> planar = curve_settings(find_experiment("planar"), {}, false);
  REQUIRE(planar.size() >= 3);
  CHECK(planar[0].trainer == "full-batch");
  CHECK(planar[0].epochs == 10000);
  for (std::size_t i = 1; i < planar.size(); ++i) CHECK(planar[i].epochs == 1000);

  // Two samples fill no batch.
  CHECK(curve_settings(find_experiment("worked_examples"), {}, false).size() == 1);
  const std::vector<Settings> chosen = curve_settings(find_experiment("moons"), {"local-sgd"}, false);
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0].trainer == "local-sgd");
}

TEST_CASE("curves have a loss at every point and seconds for every seed") {
  const auto once =
      loss_curves({&find_experiment("moons")}, {"mini-batch", "full-batch"}, naive(), two_seeds());
  const auto json = json_of(once);
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

  const auto again = loss_curves({&find_experiment("moons")}, {"mini-batch"}, naive(), two_seeds());
  CHECK(json_of(again).at(0).at("loss") == json.at(0).at("loss"));
}

TEST_CASE("a seed that never reached its target counts as infinite, and is null") {
  const auto most = json_of(range_to_target({7.0, kNotReached, 5.0, 9.0, 6.0, 8.0}));
  CHECK(most.at("median") == 7.5);
  CHECK(most.at("lowest") == 5.0);
  CHECK(most.at("highest").is_null());
  CHECK(most.at("interval").at("low") == 5.0);
  CHECK(most.at("interval").at("high").is_null());
  CHECK(most.at("seeds").at(0) == 7.0);
  CHECK(most.at("seeds").at(1).is_null());

  const auto half = json_of(range_to_target({1.0, 2.0, kNotReached, kNotReached}));
  CHECK(half.at("median").is_null());
  CHECK(half.at("lowest") == 1.0);
  CHECK(half.at("interval").is_null());  // four seeds have none
  CHECK(json_of(range_to_target({kNotReached})).at("lowest").is_null());
}

TEST_CASE("time to accuracy is of the selected experiments that have a target") {
  CHECK(time_to_accuracy({&find_experiment("planar"), &find_experiment("regression")}, naive(), two_seeds())
            .empty());
  const auto json = json_of(time_to_accuracy({&find_experiment("planar"), &find_experiment("breast_cancer")},
                                             *usable_backends().front(), two_seeds()));
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
  const Experiment& moons = find_experiment("moons");
  const Problem problem = moons.build(moons.defaults);
  const RunResult run = run_experiment(moons, problem, moons.defaults, naive(), DType::float64);
  const auto same = json_of(boundary_fact(problem, run, run, 8));
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
  const auto apart = json_of(boundary_fact(problem, run, other, 8));
  CHECK(apart.at("largest_difference") > 1e-3);
  const auto& difference = apart.at("difference");
  CHECK(*std::max_element(difference.begin(), difference.end()) ==
        rounded(apart.at("largest_difference"), 2));

  const auto drawn = measure_boundaries(
      {&find_experiment("regression"), &moons, &find_experiment("worked_examples")}, naive(), two_seeds());
  REQUIRE(drawn.size() == 1);
  CHECK(json_of(drawn[0]) == json_of(boundary_fact(problem, run, run, 40)));
}
