// The cost model of ranks, by hand.

#include "bench/studies/rank_costs.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

constexpr Cluster kCluster{.bandwidth = 1e6, .latency = 1e-3, .overhead = 1e-4, .addition = 1e-5};

}  // namespace

TEST_CASE("costs of ranks: the formulas, by hand") {
  CHECK(kCluster.message(1000.0) == Approx(1.1e-3));
  CHECK(all_to_all_seconds(kCluster, 4000.0, 4) == Approx(1e-3 + 3 * 1.1e-3));
  // Three owners' addends of 250 numbers meet the fourth's.
  CHECK(ordered_sum_seconds(kCluster, 4000.0, 4, 1, 4) == Approx(2 * 4.3e-3 + 3 * 250 * 1e-5));
  CHECK(ordered_sum_seconds(kCluster, 4000.0, 2, 2, 4) == Approx(2e-3 + 3 * 2.1e-3 + 3 * 500 * 1e-5));
  // Two addends a rank go along the chain, in two segments of 256 KiB.
  const double segment = 1e-4 + 262144e-6, add = 65536 * 1e-5;
  CHECK(ordered_sum_seconds(kCluster, 524288.0, 4, 2, 8) == Approx(6 * (1e-3 + segment) + 8 * add + 2 * add));
  CHECK(ordered_sum_seconds({.bandwidth = 1e6, .latency = 1e-3, .overhead = 1e-4}, 524288.0, 4, 2, 8) ==
        Approx(6 * (1e-3 + segment) + 2 * segment));
}

TEST_CASE("costs of ranks: an allreduce halves and doubles") {
  CHECK(allreduce_seconds(kCluster, 40000.0, 8) == Approx(6 * 1.1e-3 + 2 * 35e-3 + 8750 * 1e-5));
  // Three of eleven send all to others first.
  CHECK(allreduce_seconds(kCluster, 40.0, 11) ==
        Approx(allreduce_seconds(kCluster, 40.0, 8) + 2 * 1.14e-3 + 10 * 1e-5));
}

TEST_CASE("costs of ranks: a gather doubles where that saves more overhead than it costs latency") {
  CHECK_FALSE(gathers_by_doubling(kCluster, 16));
  CHECK(gather_seconds(kCluster, 1600.0, 16) == Approx(1e-3 + 15 * 2e-4));
  CHECK(gathers_by_doubling(kCluster, 256));
  CHECK_FALSE(gathers_by_doubling(kCluster, 255));
  CHECK(gather_seconds(kCluster, 25600.0, 256) == Approx(8 * 1.1e-3 + 25.5e-3));
}

TEST_CASE("costs of ranks: one rank has none") {
  CHECK(all_to_all_seconds(kCluster, 100.0, 1) == 0.0);
  CHECK(gather_seconds(kCluster, 100.0, 1) == 0.0);
  CHECK(allreduce_seconds(kCluster, 100.0, 1) == 0.0);
  CHECK(ordered_sum_seconds(kCluster, 100.0, 1, 3, 3) == 0.0);
}
