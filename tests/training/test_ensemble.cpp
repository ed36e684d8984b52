#include <string>

#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

/// Runs with seeds and settings of their own on one data set.
template <typename T>
struct Members {
  const Example& example;
  std::vector<TrainingOptions> options;
  std::vector<Parameters<T>> thetas;
  std::vector<RandomState> streams;
  std::vector<TrainingRun<T>> runs;

  Members(const Backend<T>& backend, const Example& of, std::size_t count, std::size_t threads)
      : example(of) {
    for (std::size_t i = 0; i < count; ++i) {
      TrainingOptions own;
      own.epochs = 3 + i % 4;
      own.learning_rate = 0.02 * static_cast<double>(i + 1);
      own.batch_size = 4 + i;
      own.threads = threads;
      options.push_back(own);
      thetas.push_back(example.parameters<T>());
      streams.emplace_back(static_cast<std::uint32_t>(i));
    }
    for (std::size_t i = 0; i < count; ++i) {
      runs.push_back({backend, example.network, example.data, options[i], thetas[i], streams[i]});
    }
  }

  std::vector<TrainingTrace> train(std::string_view trainer) {
    return train_ensemble<T>(std::span<const TrainingRun<T>>(runs), find_trainer(trainer));
  }
};

}  // namespace

TEMPLATE_TEST_CASE("a member of an ensemble is what it is alone, bit for bit", "", float, double) {
  using T = TestType;
  const Example example(60);
  for_each_backend(kDTypeOf<T>, [&](const BackendEntry& entry) {
    for (const char* trainer : {"mini-batch", "full-batch"}) {
      for (const std::size_t threads : Sizes{1, 2, 5, 16}) {
        Members<T> members(entry.get<T>(), example, 9, threads);
        const std::vector<TrainingTrace> traces = members.train(trainer);
        for (std::size_t i = 0; i < traces.size(); ++i) {
          INFO(trainer << ", member " << i << ", " << threads << " threads");
          TrainingOptions alone = members.options[i];
          alone.threads = 1;
          const Trained<T> expected =
              train<T>(trainer, entry.get<T>(), example, alone, static_cast<std::uint32_t>(i));
          CHECK(bitwise_equal(members.thetas[i], expected.theta));
          CHECK(traces[i].loss_per_epoch == expected.trace.loss_per_epoch);
          CHECK(members.streams[i].random_sample() == expected.next_random);
        }
      }
    }
  });
}

TEST_CASE("a member that diverges ends the ensemble and is named with its epoch") {
  const Example example(60);
  for (const std::size_t threads : Sizes{1, 2, 5}) {
    Members<double> members(reference_backend<double>(), example, 8, threads);
    for (TrainingOptions& options : members.options)
      options.epochs = 100'000'000;  // else the test never ends
    for (std::size_t i = 0; i < 8; ++i) members.options[i].learning_rate = i == 0 ? 1e300 : 0.01;
    std::string message;
    try {
      members.train("mini-batch");
    } catch (const WrongResult& error) {
      message = error.what();
    }
    INFO(message);
    CHECK(message.find("member 0: training diverged") == 0);
    CHECK(message.find("in epoch ") != std::string::npos);
  }
}

TEST_CASE("an ensemble of none is nothing") {
  CHECK(train_ensemble(std::span<const TrainingRun<double>>(), find_trainer("mini-batch")).empty());
}

}  // namespace mlpbench::test
