// Trainers on simulated ranks take the seconds that the cost model says.

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "bench/studies/rank_costs.h"
#include "support/child_process.h"
#include "support/program_folder.h"
#include "tests/catch.h"
#include "tests/support/skip.h"

using namespace mlpbench;

namespace {

constexpr Cluster kCluster{.bandwidth = 1e9, .latency = 5e-6, .overhead = 1e-6, .addition = 1e-9};

/// Of a step whose products and update take no time.
double simulated_step(const std::string& network, std::size_t ranks, const std::string& batch_and_way) {
  std::vector<std::string> words = {(program_folder() / "simulate_ranks").string(),
                                    "--layers=" + network,
                                    fmt::format("--ranks={}", ranks),
                                    "--steps=1",
                                    "--local-steps=1",
                                    "--bandwidth=1e9",
                                    "--latency=5e-6",
                                    "--overhead=1e-6",
                                    "--add-seconds=1e-9"};
  for (std::size_t begin = 0; begin < batch_and_way.size();) {
    const std::size_t end = std::min(batch_and_way.find(' ', begin), batch_and_way.size());
    words.push_back(batch_and_way.substr(begin, end - begin));
    begin = end + 1;
  }
  const ChildResult child = run_child(words, "");
  INFO(child.errors);
  REQUIRE(child.exit_code == 0);
  const nlohmann::json answer = nlohmann::json::parse(child.output);
  CHECK(answer.at("ranks_with_work") == ranks);
  return answer.at("step_seconds").get<double>();
}

bool has_simulator() {
  if (std::filesystem::exists(program_folder() / "simulate_ranks")) return true;
  test::skip("this build is without SimGrid");
  return false;
}

}  // namespace

TEST_CASE("simulated ranks take what the cost model says, for every way of summing") {
  if (!has_simulator()) return;
  const double parameters = 6081.0, bytes = 4.0 * parameters;
  for (const std::size_t ranks : {2u, 16u, 64u}) {
    const double count = static_cast<double>(ranks), losses = gather_seconds(kCluster, 16.0 * count, ranks);
    INFO(ranks << " ranks");
    CHECK(simulated_step("28-64-64-1", ranks, fmt::format("--batch={}", 256 * ranks)) ==
          Approx(losses + ordered_sum_seconds(kCluster, bytes, ranks, 1, ranks)).epsilon(0.01));
    CHECK(simulated_step("28-64-64-1", ranks, fmt::format("--batch={} --reduction=allreduce", 256 * ranks)) ==
          Approx(losses + allreduce_seconds(kCluster, bytes, ranks)).epsilon(0.01));
    const double mean = all_to_all_seconds(kCluster, bytes, ranks) + gather_seconds(kCluster, bytes, ranks) +
                        (1.0 - 1.0 / count) * parameters * kCluster.addition;
    CHECK(simulated_step("28-64-64-1", ranks, "--batch=64 --trainer=local-sgd") ==
          Approx(losses + mean).epsilon(0.01));
  }
  CHECK(simulated_step("28-64-64-1", 6, "--batch=1536 --reduction=allreduce") ==
        Approx(gather_seconds(kCluster, 96.0, 6) + allreduce_seconds(kCluster, bytes, 6)).epsilon(0.05));
}

TEST_CASE("a simulated chain of segments takes what the cost model says") {
  if (!has_simulator()) return;
  const double bytes = 4.0 * (29 * 512 + 513 * 512 + 513);
  for (const std::size_t ranks : {4u, 16u}) {
    const double chunks = 4.0 * static_cast<double>(ranks);
    INFO(ranks << " ranks");
    CHECK(simulated_step("28-512-512-1", ranks, fmt::format("--batch={}", 4096 * ranks)) ==
          Approx(gather_seconds(kCluster, 8.0 * (static_cast<double>(ranks) + chunks), ranks) +
                 ordered_sum_seconds(kCluster, bytes, ranks, 4, 4 * ranks))
              .epsilon(0.1));
  }
}
