#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bench/studies/sections.h"
#include "core/training/parallel_step.h"
#include "core/training/parallel_threshold.h"
#include "core/training/thread_pool.h"
#include "support/json_fields.h"
#include "tests/catch.h"
#include "tests/support/sizes.h"

using namespace mlpbench;
using namespace mlpbench::test;

TEST_CASE("the model of a shared step: by chunks, or two thirds by blocks and a third by tiles") {
  // 90 us on 3 threads with blocks for all: 20 + 10 and twice 2.
  CHECK(shared_step_seconds(90e-6, 3, {false, 8}, 2e-6) == Approx(34e-6));
  // A batch that is one block has its first half on one thread.
  CHECK(shared_step_seconds(90e-6, 3, {false, 1}, 2e-6) == Approx(74e-6));
  CHECK(above_parallel_threshold(90e-6, 3, {false, 8}, 2e-6));
  CHECK_FALSE(above_parallel_threshold(90e-6, 3, {false, 1}, 2e-6));
  // 64 kB on their way to another core and back: 16 us, of which two thirds of the lines.
  CHECK(shared_step_seconds(90e-6, 3, {false, 8, 64000}, 2e-6) == Approx(34e-6 + 16e-6 * 2 / 3));
  // Of 10 chunks on 3 threads one thread has 4.
  CHECK(shared_step_seconds(90e-6, 3, {true, 10}, 2e-6) == Approx(40e-6));
  CHECK_FALSE(above_parallel_threshold(1.0, 1, {true, 1}, 0.0));
  CHECK_FALSE(above_parallel_threshold(1.0, 2, {true, 1}, 0.0));
}

TEST_CASE("a step is shared by chunks where threads get nearly the same number of them") {
  const NetworkSpec network{
      28, {{64, Activation::relu}, {64, Activation::relu}, {1, Activation::sigmoid}}, {}};
  const auto parts = [&](std::size_t batch, std::size_t threads) {
    const StepParts of = step_parts(network, batch, threads, sizeof(float));
    return std::pair(of.chunks, of.count);
  };
  CHECK(parts(64, 2) == std::pair(false, std::size_t{1}));
  CHECK(parts(128, 2) == std::pair(false, std::size_t{2}));
  CHECK(parts(256, 2) == std::pair(false, std::size_t{2}));
  CHECK(parts(250, 4) == std::pair(false, std::size_t{4}));
  CHECK(step_parts(network, 256, 2, sizeof(double)).exchanged == 2 * 129 * 256 * 8);
  CHECK(step_parts(network, 512, 2, sizeof(double)).exchanged == 0);
  CHECK(parts(512, 2) == std::pair(true, std::size_t{2}));
  CHECK(parts(600, 2) == std::pair(true, std::size_t{4}));
  CHECK(parts(600, 3) == std::pair(false, std::size_t{5}));
  CHECK(parts(1024, 4) == std::pair(true, std::size_t{4}));
  CHECK(parts(1024, 8) == std::pair(false, std::size_t{8}));
  CHECK(parts(1024, 16) == std::pair(false, std::size_t{16}));
  CHECK(parts(2048, 8) == std::pair(true, std::size_t{8}));
  CHECK(parts(4096, 6) == std::pair(true, std::size_t{16}));  // 3 of one thread, 2.67 on average
  CHECK(parts(4096, 12).first == false);                      // 2, 1.33
}

TEST_CASE("a step touches its batch, the activations of a chunk, parameters and gradients") {
  const NetworkSpec network{2, {{4, Activation::relu}, {1, Activation::sigmoid}}, {}};  // 17 parameters
  CHECK(step_footprint(network, 1000, 4) == 4 * (1000 * 3 + 2 * 17 + 2 * 1000 * 5));
  CHECK(step_footprint(network, 2048, 8) == 8 * (2048 * 3 + 3 * 17 + 2 * 1024 * 5));
}

TEST_CASE("the break-even batch is where the model's shared step takes as long as the serial one") {
  for (const std::size_t threads : Sizes{2, 3, 8}) {
    for (const double exchange : {0.0, 2.5e-8}) {
      const double batch = break_even_batch(1e-7, exchange, threads, 3e-6).value(), serial = batch * 1e-7;
      const auto bytes = static_cast<std::size_t>(std::round(batch * exchange / kExchange));
      CHECK(shared_step_seconds(serial, threads, {false, threads, bytes}, 3e-6) == Approx(serial));
    }
  }
  CHECK(break_even_batch(1e-7, 0.0, 2, 3e-6).value() == Approx(120.0));
  CHECK(break_even_batch(1e-7, 4e-8, 2, 3e-6).value() == Approx(200.0));
  CHECK_FALSE(break_even_batch(1e-7, 1e-7, 2, 3e-6).has_value());
  CHECK(predicted_speedup(100e-6, 2, {true, 4}, 3e-6) == Approx(100.0 / 56.0));
  CHECK_THROWS_AS(break_even_batch(1e-7, 0.0, 1, 3e-6), std::invalid_argument);
  CHECK_THROWS_AS(break_even_batch(0.0, 0.0, 2, 3e-6), std::invalid_argument);
}

TEST_CASE("a sweep pays from the smallest size from which on every one does") {
  CrossoverFact sweep;
  for (const auto& [size, predicted, measured] :
       {std::tuple{16, 1.1, 1.2}, {32, 0.9, 0.8}, {64, 1.5, 1.1}, {128, 1.7, 1.3}}) {
    SweepPointFact& point = sweep.points.emplace_back();
    point.size = static_cast<std::size_t>(size);
    point.predicted = predicted;
    point.measured = {Range::of({measured})};
  }
  conclude(sweep);
  CHECK(sweep.predicted_from == 64.0);
  CHECK(sweep.measured_from == 64.0);
  sweep.points[2].measured.interval = Interval{0.9, 1.4, 0.95};
  conclude(sweep);
  CHECK(sweep.measured_from == 128.0);
  CHECK(sweep.points[0].pays);
  CHECK_FALSE(sweep.points[2].pays);
  sweep.points[3].measured = {Range::of({1.0})};
  conclude(sweep);
  CHECK(std::isnan(sweep.measured_from));
}

namespace {

StudySetting rounds(std::size_t count) {
  StudySetting setting;
  setting.quick = true;
  setting.rounds = count;
  return setting;
}

Workload workload(const std::string& part) {
  std::vector<Workload> all = scaling_workloads();
  return *std::find_if(all.begin(), all.end(),
                       [&](const Workload& work) { return work.name.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("scaling has every number of every round, against one thread of the same round") {
  const auto rows = json_of(
      measure_scaling({workload("moons"), workload("ensemble")}, find_backend("naive"), {3}, rounds(2)));
  // sync: 1, 1 shared, 3, 3 shared; ensemble: 1, 3.
  REQUIRE(rows.size() == 6);
  for (const auto& row : rows) {
    INFO(row.dump());
    CHECK(row.at("wrong").is_null());
    for (const char* name : {"samples_per_second", "speedup", "efficiency", "fma_ceiling", "memory_ceiling",
                             "share_of_fma_ceiling"}) {
      CHECK(row.at(name).at("rounds").size() == 2);
      CHECK(row.at(name).at("lowest").get<double>() > 0.0);
      CHECK(row.at(name).at("lowest") <= row.at(name).at("median"));
      CHECK(row.at(name).at("median") <= row.at(name).at("highest"));
    }
    const double threads = row.at("threads");
    CHECK(row.at("efficiency").at("rounds").at(0).get<double>() ==
          Approx(row.at("speedup").at("rounds").at(0).get<double>() / threads));
    if (threads == 1 && row.at("obeys_threshold") == true) CHECK(row.at("speedup").at("median") == 1.0);
    if (row.at("case") == "sync/moons/32" && row.at("obeys_threshold") == false)
      CHECK(row.at("threads_used") == threads);
  }
}

TEST_CASE("every workload is right on every backend, and a wrong one is not timed") {
  for (const char* part : {"full-batch", "moons", "hogwild-strict", "hogwild-fast", "local-sgd"}) {
    for (const BackendEntry* backend : usable_backends()) {
      INFO(part << " " << backend->name);
      CHECK(check(workload(part), *backend, {1, 2}) == "");
    }
  }
  Workload diverges = workload("moons");
  diverges.settings.learning_rate = 1.7e308;
  diverges.settings.batch_size = 1;
  diverges.dtype = DType::float64;
  const std::vector<ScalingFact> row_of = measure_scaling({diverges}, find_backend("naive"), {2}, rounds(2));
  REQUIRE(row_of.size() == 4);
  for (const ScalingFact& row : row_of) {
    CHECK(row.wrong != "");
    CHECK_FALSE(row.speedup.known());
  }
}

TEST_CASE("determinism times both orders in every round") {
  const auto rows = json_of(measure_determinism({&find_backend("blas")}, 3, rounds(6)));
  REQUIRE(rows.size() == 3);
  for (const auto& row : rows) {
    INFO(row.dump());
    CHECK(row.at("wrong").is_null());
    CHECK(row.at("threads") == 3);
    CHECK(row.at("fixed_order_seconds").at("rounds").size() == 6);
    CHECK(row.at("free_order_seconds").at("rounds").size() == 6);
    CHECK(row.at("interval").at("low") <= row.at("fixed_over_free"));
    CHECK(row.at("interval").at("high") >= row.at("fixed_over_free"));
  }
}

TEST_CASE("a crossover times every size of both sweeps, and its break-even batch is a number") {
  const std::vector<CrossoverFact> sweeps = measure_crossover({usable_backends().front()}, 2, rounds(1));
  REQUIRE(sweeps.size() == 2);
  CHECK(sweeps[0].points.size() == 7);
  CHECK(sweeps[1].points.size() == 5);
  for (const CrossoverFact& sweep : sweeps) {
    for (const SweepPointFact& point : sweep.points) {
      INFO(sweep.sweep << " " << point.size);
      CHECK(point.wrong == "");
      CHECK(point.measured.values.size() == 1);
      CHECK(point.serial_seconds > 0.0);
      CHECK(point.predicted > 0.0);
    }
  }
  if (running_threads(2) > 1) CHECK(std::isfinite(sweeps[0].break_even));
  CHECK(json_of(sweeps).at(1).at("break_even_batch").is_null());
}

TEST_CASE("times to accuracy count the seeds that did not reach the target") {
  StudySetting setting;
  setting.seeds = 2;
  const auto rows =
      json_of(time_to_accuracy({&find_experiment("moons")}, *usable_backends().front(), setting));
  REQUIRE(rows.size() == 6);
  for (const auto& row : rows) {
    const std::size_t reached = row.at("seeds_that_reached");
    CHECK(row.at("seeds") == 2);
    CHECK(row.at("accuracy").at("seeds").size() == 2);
    const auto& epochs = row.at("epochs_to_target").at("seeds");
    CHECK(epochs.size() == 2);
    const auto is_null = [](const auto& epoch) { return epoch.is_null(); };
    CHECK(std::count_if(epochs.begin(), epochs.end(), is_null) == 2 - static_cast<std::ptrdiff_t>(reached));
    CHECK(row.at("lost_updates").is_null() == (row.at("trainer") != "hogwild-strict"));
  }
  // The same weights for the same seed, whoever computes them.
  CHECK(rows.at(1).at("trainer") == "mini-batch");
  CHECK(rows.at(2).at("trainer") == "sync");
  CHECK(rows.at(1).at("accuracy") == rows.at(2).at("accuracy"));
  CHECK(rows.at(1).at("epochs_to_target") == rows.at(2).at("epochs_to_target"));
  CHECK(rows.at(0).at("seeds_that_reached") == 0);
}
