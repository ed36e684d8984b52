// The cost model of ranks, by hand.

#include "bench/studies/rank_costs.h"
#include "tests/catch.h"

using namespace mlpbench;

TEST_CASE("costs of ranks: the formulas, by hand") {
  const RankNetwork network{.latency = 1e-3, .byte = 1e-6, .overhead = 1e-4};
  CHECK(network.message(1000.0) == Approx(1.1e-3));
  CHECK(all_to_all_seconds(network, 4000.0, 4) == Approx(1e-3 + 3 * 1.1e-3));
  CHECK(allreduce_seconds(network, 4000.0, 4) == Approx(6 * 2.1e-3));
  CHECK(ordered_sum_seconds(network, 4000.0, 4, 1) == Approx(2 * 4.3e-3));
  // Two addends a rank go along the chain, in two segments of 256 KiB.
  const double segment = 1e-4 + 262144e-6;
  CHECK(ordered_sum_seconds(network, 524288.0, 4, 2) == Approx(6 * (1e-3 + segment) + 2 * segment));
}

TEST_CASE("costs of ranks: one rank has none") {
  const RankNetwork network{.latency = 1.0, .byte = 1.0, .overhead = 1.0};
  CHECK(all_to_all_seconds(network, 100.0, 1) == 0.0);
  CHECK(allreduce_seconds(network, 100.0, 1) == 0.0);
  CHECK(ordered_sum_seconds(network, 100.0, 1, 3) == 0.0);
}
