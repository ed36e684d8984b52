// What every trainer promises of its epochs: they stop when the loss is no number, and reporting changes
// nothing.

#include <string>

#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

/// One weight and one bias; a learning rate that overshoots multiplies the loss in every epoch.
struct Diverging {
  NetworkSpec network;
  Dataset data = {Matrix<double>(4, 1), Matrix<double>(4, 1)};
  TrainingOptions options;

  Diverging() {
    network.inputs = 1;
    network.layers = {{1, Activation::identity}};
    network.loss = {Loss::mean_squared_error, 0.0};
    for (std::size_t n = 0; n < 4; ++n)
      data.X(n, 0) = static_cast<double>(n) - 1.0, data.Y.values()(n, 0) = 1.0;
    options.learning_rate = 30.0;
    options.batch_size = 2;
    options.workers = 2;
  }

  /// Empty, or what the trainer says that went wrong.
  template <typename T>
  std::string train(const TrainerEntry& trainer, const Backend<T>& backend, std::size_t epochs,
                    std::size_t threads = 1) {
    options.epochs = epochs;
    options.threads = threads;
    options.force_parallel = threads > 1;
    Parameters<T> theta(network);
    RandomState stream(1);
    try {
      trainer.train(TrainingRun<T>{backend, network, data, options, theta, stream});
    } catch (const WrongResult& error) {
      return error.what();
    }
    return "";
  }
};

struct WithReports {
  std::vector<double> losses;
  Parameters<double> theta;
  std::vector<std::size_t> reports;
};

WithReports train(const TrainerEntry& trainer, std::size_t epochs, bool with_progress) {
  const Example example(12);
  WithReports result;
  result.theta = example.parameters<double>();
  TrainingOptions options;
  options.epochs = epochs;
  options.learning_rate = 0.1;
  options.batch_size = 5;
  options.keep_incomplete_batch = true;
  if (with_progress) options.progress = [&](std::size_t done) { result.reports.push_back(done); };
  RandomState stream(3);
  result.losses = trainer
                      .train(TrainingRun<double>{reference_backend<double>(), example.network, example.data,
                                                 options, result.theta, stream})
                      .loss_per_epoch;
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("a trainer stops in the epoch whose loss is not finite, and names it", "", float, double) {
  for_each_backend(kDTypeOf<TestType>, [](const BackendEntry& entry) {
    for (const TrainerEntry& trainer : all_trainers()) {
      INFO("trainer " << trainer.name);
      Diverging diverging;
      const Backend<TestType>& backend = entry.get<TestType>();
      const std::string message = diverging.train(trainer, backend, 1000);
      const std::string before_number = "in epoch ";
      const std::size_t number = message.find(before_number);
      REQUIRE(number != std::string::npos);
      const std::size_t epoch = std::stoul(message.substr(number + before_number.size()));
      CHECK(epoch > 3);
      CHECK(epoch < 999);
      CHECK(diverging.train(trainer, backend, epoch).empty());  // epochs 0 ... epoch - 1
      CHECK(diverging.train(trainer, backend, epoch + 1) == message);
      if (!trainer.parallel) continue;
      const std::string shared = diverging.train(trainer, backend, 1000, 2);
      CHECK(shared.find(before_number) != std::string::npos);
      if (trainer.deterministic && entry.block_invariant) CHECK(shared == message);
    }
  });
}

TEST_CASE("progress is reported about a hundred times and changes nothing") {
  for (const TrainerEntry& trainer : all_trainers()) {
    for (const std::size_t epochs : Sizes{0, 1, 7, 99, 100, 101, 150, 199, 1000, 1001, 4999}) {
      INFO("trainer " << trainer.name << ", " << epochs << " epochs");
      const WithReports with = train(trainer, epochs, true), without = train(trainer, epochs, false);
      CHECK(with.losses == without.losses);
      CHECK(bitwise_equal(with.theta, without.theta));
      CHECK(without.reports.empty());
      CHECK(with.reports.size() <= 101);
      CHECK(std::is_sorted(with.reports.begin(), with.reports.end(), std::less_equal<>()));
      CHECK((epochs == 0 ? with.reports.empty() : with.reports.back() == epochs));
    }
  }
}

}  // namespace mlpbench::test
