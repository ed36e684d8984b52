#include <cmath>

#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

TrainingOptions local_options(std::size_t workers, std::size_t local_steps, std::size_t batch_size) {
  TrainingOptions options;
  options.epochs = 5;
  options.learning_rate = 0.1;
  options.batch_size = batch_size;
  options.workers = workers;
  options.local_steps = local_steps;
  return options;
}

/// The largest distance of two parameters.
template <typename T>
double distance(const Parameters<T>& a, const Parameters<T>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.all().size(); ++i) {
    const double d = std::abs(static_cast<double>(a.all()[i]) - static_cast<double>(b.all()[i]));
    largest = d <= largest ? largest : d;
  }
  return largest;
}

}  // namespace

TEST_CASE("averaging after every step is sync with the batches of all workers, but for rounding") {
  const Example example(96);
  for_each_backend(DType::float64, [&](const BackendEntry& entry) {
    for (const std::size_t workers : Sizes{2, 3, 4, 5, 8}) {
      TrainingOptions options = local_options(workers, 1, 4);
      const Trained<double> local = train("local-sgd", entry.get<double>(), example, options);
      options.batch_size = 4 * workers;
      const Trained<double> sync = train("sync", entry.get<double>(), example, options);
      INFO(workers << " workers");
      CHECK(distance(local.theta, sync.theta) < 1e-13);
      for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
        CHECK(local.trace.loss_per_epoch[epoch] == Approx(sync.trace.loss_per_epoch[epoch]).epsilon(1e-12));
        CHECK(local.trace.mean_loss_per_epoch[epoch] ==
              Approx(sync.trace.mean_loss_per_epoch[epoch]).epsilon(1e-12));
      }
      CHECK(local.trace.samples_trained == sync.trace.samples_trained);
      options = local_options(workers, 4, 4);
      CHECK(distance(train("local-sgd", entry.get<double>(), example, options).theta, sync.theta) > 1e-6);
    }
  });
}

TEST_CASE("one worker of local-sgd is mini-batch, bit for bit, incomplete batches included") {
  const Example example(53);
  TrainingOptions options = local_options(1, 8, 10);
  for (const bool keep : {false, true}) {
    options.keep_incomplete_batch = keep;
    const Trained<float> local = train("local-sgd", reference_backend<float>(), example, options);
    const Trained<float> serial = train("mini-batch", reference_backend<float>(), example, options);
    CHECK(bitwise_equal(local.theta, serial.theta));
    CHECK(local.trace.loss_per_epoch == serial.trace.loss_per_epoch);
    CHECK(local.trace.samples_trained == serial.trace.samples_trained);
  }
}

TEST_CASE("post-local SGD is sync in its first epochs") {
  const Example example(96);
  TrainingOptions options = local_options(4, 6, 4);
  options.sync_epochs = 5;
  const Trained<double> all_sync = train("local-sgd", reference_backend<double>(), example, options);
  options.local_steps = 1;
  options.sync_epochs = 0;
  const Trained<double> each_step = train("local-sgd", reference_backend<double>(), example, options);
  CHECK(bitwise_equal(all_sync.theta, each_step.theta));
  options.local_steps = 6;
  options.sync_epochs = 4;
  CHECK_FALSE(bitwise_equal(train("local-sgd", reference_backend<double>(), example, options).theta,
                            each_step.theta));
}

TEST_CASE("samples that do not fill all workers' batches are dropped or dealt out") {
  const Example example(53);
  TrainingOptions options = local_options(3, 2, 5);
  CHECK(train("local-sgd", reference_backend<double>(), example, options).trace.samples_trained == 5 * 45);
  options.keep_incomplete_batch = true;
  CHECK(train("local-sgd", reference_backend<double>(), example, options).trace.samples_trained == 5 * 53);
  options.batch_size = 52;  // the last step has 53 % 156 samples, and it is the only one
  CHECK(train("local-sgd", reference_backend<double>(), example, options).trace.samples_trained == 5 * 53);
  options.keep_incomplete_batch = false;
  CHECK_THROWS_AS(train("local-sgd", reference_backend<double>(), example, options), UserError);
}

TEST_CASE("batches larger than the data are refused, not trained on nothing") {
  const Example example(10);
  for (const TrainerEntry& trainer : all_trainers()) {
    if (!trainer.uses_batches) continue;
    INFO(trainer.name);
    TrainingOptions options = local_options(1, 1, 11);
    for (const bool keep : {false, true}) {
      options.keep_incomplete_batch = keep;
      CHECK_THROWS_AS(train(trainer.name, reference_backend<double>(), example, options), UserError);
    }
    options.batch_size = 0;
    CHECK_THROWS_AS(train(trainer.name, reference_backend<double>(), example, options), UserError);
  }
}

}  // namespace mlpbench::test
