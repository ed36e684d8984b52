// What full-batch, sync, local-sgd and ensemble promise: the same bits on any number of ranks and threads.
// The ranks are threads of this process here; tests/ranks has them under MPI.

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

#include "core/training/ordered_sum.h"
#include "core/training/parallel_step.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/thread_ranks.h"
#include "tests/training/rank_cases.h"

namespace mlpbench::test {
namespace {

/// The run of every rank.
template <typename T>
std::vector<Trained<T>> train_on_ranks(const RankCase& run, std::size_t size, std::size_t threads,
                                       Reduction reduction = Reduction::ordered) {
  std::vector<Trained<T>> of_ranks(size);
  on_ranks(size, [&](Communicator& ranks) {
    TrainingOptions options = run.options;
    options.threads = threads;
    options.ranks = &ranks;
    options.reduction = reduction;
    of_ranks[ranks.rank()] = train<T>(run.trainer, usable_backends().front()->get<T>(), run.example, options);
  });
  return of_ranks;
}

}  // namespace

TEMPLATE_TEST_CASE("training leaves the same bits on any number of ranks and threads", "", float, double) {
  for (const RankCase& run : rank_cases()) {
    const Trained<TestType> expected = train_alone<TestType>(run);
    for (const std::size_t size : {1u, 2u, 3u, 4u, 7u}) {
      for (const std::size_t threads : {1u, 2u, 3u}) {
        INFO(run.trainer << ", " << run.name << ": " << size << " ranks of " << threads << " threads");
        for (const Trained<TestType>& rank : train_on_ranks<TestType>(run, size, threads)) {
          REQUIRE(bitwise_equal(rank.theta, expected.theta));
          REQUIRE(rank.trace.loss_per_epoch == expected.trace.loss_per_epoch);
          REQUIRE(rank.trace.mean_loss_per_epoch == expected.trace.mean_loss_per_epoch);
          REQUIRE(rank.trace.samples_trained == expected.trace.samples_trained);
          if (!expected.trace.target) REQUIRE(rank.next_random == expected.next_random);
          if (expected.trace.validation)
            REQUIRE(rank.trace.validation->loss_per_epoch == expected.trace.validation->loss_per_epoch);
        }
      }
    }
  }
}

TEST_CASE("the cases of the ranks are what their names say") {
  const auto parts = [](std::string_view name, std::size_t ranks) {
    for (const RankCase& run : rank_cases()) {
      if (run.name != name) continue;
      const std::size_t batch =
          run.trainer == "full-batch" ? run.example.data.samples() : run.options.batch_size;
      return rank_parts(run.example.network, batch, ranks, Reduction::ordered);
    }
    throw std::logic_error("no such case");
  };
  for (const std::size_t ranks : {2u, 3u, 4u, 7u}) {
    CHECK(parts("chunks", ranks) == RankParts::chunks);
    CHECK(parts("tiles", ranks) == RankParts::tiles);
    CHECK(parts("tiles and an incomplete batch", ranks) == RankParts::tiles);
    CHECK(parts("one chunk", ranks) == RankParts::none);
  }
  const Trained<double> stopped =
      train_alone<double>(*std::find_if(rank_cases().begin(), rank_cases().end(), [](const RankCase& run) {
        return run.name == "validation and a target";
      }));
  CHECK(stopped.trace.loss_per_epoch.size() < 9);
}

TEST_CASE("ranks that have work are counted, and a rank sends at most 2.2 times the parameters a step") {
  for (const RankCase& run : rank_cases()) {
    if (run.trainer != "sync" && run.trainer != "full-batch") continue;
    for (const std::size_t size : {2u, 3u, 4u, 7u}) {
      INFO(run.name << ": " << size << " ranks");
      const std::size_t samples = run.example.data.samples();
      const std::size_t batch = run.trainer == "full-batch" ? samples : run.options.batch_size;
      const bool shares = rank_parts(run.example.network, batch, size, Reduction::ordered) != RankParts::none;
      const double parameters = static_cast<double>(run.example.network.parameter_count() * sizeof(double));
      for (const Trained<double>& rank : train_on_ranks<double>(run, size, 1)) {
        CHECK((rank.trace.ranks > 1) == shares);
        CHECK(rank.trace.ranks <= size);
        if (!shares) continue;
        // Besides gradients and activations: losses and flags, and what is agreed upon between epochs.
        const double steps = static_cast<double>(rank.trace.loss_per_epoch.size() * ceil_div(samples, batch));
        CHECK(static_cast<double>(rank.trace.bytes_sent) <= steps * (2.2 * parameters + 300.0) + 400.0);
      }
    }
  }
}

TEST_CASE("with allreduce all ranks end alike, near to the ordered sum") {
  for (const RankCase& run : rank_cases()) {
    if (!find_trainer(run.trainer).reads("--reduction")) continue;
    const Trained<double> expected = train_alone<double>(run);
    const std::vector<Trained<double>> of_ranks = train_on_ranks<double>(run, 3, 2, Reduction::allreduce);
    INFO(run.trainer << ", " << run.name);
    for (const Trained<double>& rank : of_ranks) {
      REQUIRE(bitwise_equal(rank.theta, of_ranks.front().theta));
      for (std::size_t i = 0; i < expected.theta.all().size(); ++i)
        REQUIRE(rank.theta.all()[i] == Approx(expected.theta.all()[i]).epsilon(1e-9).margin(1e-9));
    }
  }
}

TEMPLATE_TEST_CASE("an ordered sum is that of one rank, for all ranks that have an addend", "", float,
                   double) {
  using T = TestType;
  RandomState random(3);
  for (const std::size_t size : {2u, 3u, 5u}) {
    for (const std::size_t elements : {1u, 7u, 150000u}) {
      for (const std::size_t count : {1u, 3u, 5u, 16u}) {
        std::vector<std::vector<T>> addends(count, std::vector<T>(elements));
        for (auto& addend : addends) {
          for (T& value : addend) value = static_cast<T>(random.standard_normal());
        }
        std::vector<T> expected = addends.front();
        for (std::size_t n = 1; n < count; ++n) {
          for (std::size_t i = 0; i < elements; ++i) expected[i] += addends[n][i];
        }
        std::vector<std::vector<T>> sums(size, std::vector<T>(elements));
        on_ranks(size, [&](Communicator& ranks) {
          std::vector<std::size_t> counts;
          for (std::size_t r = 0; r < size; ++r) counts.push_back(range_of_rank(count, r, size).count);
          const IndexRange own = range_of_rank(count, ranks.rank(), size);
          std::vector<const T*> mine;
          for (std::size_t n = 0; n < own.count; ++n) mine.push_back(addends[own.first + n].data());
          OrderedSum<T> sum(usable_backends().front()->get<T>());
          sum(ranks, counts, mine, sums[ranks.rank()]);
          sum(ranks, counts, mine, sums[ranks.rank()]);
        });
        for (const std::vector<T>& sum : sums) REQUIRE(sum == expected);
      }
    }
  }
  CHECK(sum_path(1, 4) == SumPath::owners);
  CHECK(sum_path(4, 4) == SumPath::chain);
}

TEMPLATE_TEST_CASE("members of an ensemble are dealt to ranks and come back in their order", "", float,
                   double) {
  using T = TestType;
  const Example example(60);
  const Backend<T>& backend = usable_backends().front()->get<T>();
  constexpr std::size_t kMembers = 5;
  std::vector<TrainingOptions> options(kMembers, rank_options(3, 8));
  for (std::size_t i = 0; i < kMembers; ++i) options[i].learning_rate = 0.02 * static_cast<double>(i + 1);
  const auto train_members = [&](Communicator* ranks, std::vector<Parameters<T>>& thetas) {
    std::vector<RandomState> streams;
    std::vector<TrainingRun<T>> runs;
    std::vector<TrainingOptions> own = options;
    for (std::size_t i = 0; i < kMembers; ++i) {
      own[i].ranks = ranks;
      thetas.push_back(example.parameters<T>());
      streams.emplace_back(static_cast<std::uint32_t>(i));
    }
    for (std::size_t i = 0; i < kMembers; ++i)
      runs.push_back({backend, example.network, example.data, own[i], thetas[i], streams[i]});
    return train_ensemble<T>(std::span<const TrainingRun<T>>(runs), find_trainer("mini-batch"));
  };
  std::vector<Parameters<T>> expected;
  const std::vector<TrainingTrace> traces = train_members(nullptr, expected);
  for (const std::size_t size : {2u, 3u, 7u}) {
    std::vector<std::vector<Parameters<T>>> thetas(size);
    std::vector<std::vector<TrainingTrace>> of_ranks(size);
    on_ranks(size, [&](Communicator& ranks) {
      of_ranks[ranks.rank()] = train_members(&ranks, thetas[ranks.rank()]);
    });
    for (std::size_t r = 0; r < size; ++r) {
      for (std::size_t i = 0; i < kMembers; ++i) {
        INFO("rank " << r << " of " << size << ", member " << i);
        REQUIRE(bitwise_equal(thetas[r][i], expected[i]));
        REQUIRE(of_ranks[r][i].loss_per_epoch == traces[i].loss_per_epoch);
      }
    }
  }
  options[3].learning_rate = 1e30;
  CHECK_THROWS_WITH(on_ranks(3,
                             [&](Communicator& ranks) {
                               std::vector<Parameters<T>> thetas;
                               train_members(&ranks, thetas);
                             }),
                    Catch::StartsWith("member 3: training diverged"));
}

TEST_CASE("hogwild has no ranks") {
  const RankCase run{"", "hogwild", Example(60), rank_options(1, 16)};
  CHECK_THROWS_AS(train_on_ranks<double>(run, 2, 1), UserError);
}

TEST_CASE("when one rank is interrupted all end alike") {
  for (const RankCase& run : rank_cases()) {
    if (run.trainer != "sync" && run.trainer != "local-sgd") continue;
    std::vector<TrainingTrace> traces(3);
    std::vector<std::size_t> epochs(3);
    on_ranks(3, [&](Communicator& ranks) {
      std::atomic<bool> interrupt = false;
      TrainingOptions options = run.options;
      options.ranks = &ranks;
      options.epochs = 1000000;
      options.target = {};
      options.validation = {};
      options.interrupt = &interrupt;
      std::thread later([&] {
        if (ranks.rank() != 1) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        interrupt = true;
      });
      if (rank_parts(run.example.network, options.batch_size, 3, Reduction::ordered) == RankParts::none &&
          run.trainer == "sync") {
        later.join();
        return;
      }
      const Trained<double> left =
          train<double>(run.trainer, usable_backends().front()->get<double>(), run.example, options);
      later.join();
      traces[ranks.rank()] = left.trace;
      epochs[ranks.rank()] = left.trace.loss_per_epoch.size();
    });
    INFO(run.trainer << ", " << run.name);
    CHECK(epochs == std::vector<std::size_t>(3, epochs.front()));
    for (const TrainingTrace& trace : traces) CHECK(trace.interrupted == traces.front().interrupted);
  }
}

}  // namespace mlpbench::test
