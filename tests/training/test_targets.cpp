// Runs that end before their last epoch: a target on held-out data, an interruption.

#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "core/metrics.h"
#include "core/training/evaluator.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

TrainingOptions target_options(const Dataset& held_out) {
  TrainingOptions options;
  options.epochs = 30;
  options.learning_rate = 0.2;
  options.batch_size = 8;
  options.workers = 2;
  options.local_steps = 2;
  options.target.held_out = &held_out;
  return options;
}

struct Judged {
  double loss = 0.0, accuracy = 0.0;
};

/// The loss and accuracy on `data`, from the outputs and nothing of the trainers' own.
Judged judge(const Example& example, const Parameters<double>& theta, const Dataset& data) {
  const Matrix<double> A = predict_all(reference_backend<double>(), example.network, theta, data.X);
  Judged judged;
  for (std::size_t n = 0; n < data.samples(); ++n) {
    for (std::size_t k = 0; k < 2; ++k)
      judged.loss -= data.Y(n, k) * std::log(A(k, n) + 1e-8) / static_cast<double>(data.samples());
  }
  judged.accuracy = accuracy(A.view(), data.Y);
  return judged;
}

}  // namespace

TEST_CASE("every trainer ends in the first epoch that meets the target") {
  const Example example(120);
  const Dataset held_out = Example(1500).data;  // more than one batch of the evaluation
  for (const TrainerEntry& trainer : all_trainers()) {
    INFO("trainer " << trainer.name);
    TrainingOptions options = target_options(held_out);
    const auto after = [&](std::size_t epochs) {
      TrainingOptions without = options;
      without.target = {};
      without.epochs = epochs;
      return judge(example, train(trainer.name, reference_backend<double>(), example, without).theta,
                   held_out);
    };
    const Judged first = after(1), tenth = after(10);
    REQUIRE(tenth.loss < first.loss);
    options.target.loss = tenth.loss * (1 + 1e-12);
    const Trained<double> run = train(trainer.name, reference_backend<double>(), example, options);
    REQUIRE(run.trace.target.has_value());
    const TargetReport& report = *run.trace.target;
    CHECK(report.met);
    CHECK(report.epochs <= 10);
    CHECK(report.epochs == run.trace.loss_per_epoch.size());
    CHECK(report.loss <= *options.target.loss);
    CHECK(report.loss == Approx(judge(example, run.theta, held_out).loss).epsilon(1e-10));
    CHECK(report.loss == Approx(after(report.epochs).loss).epsilon(1e-10));
    CHECK((report.epochs == 1 || after(report.epochs - 1).loss > *options.target.loss));
    CHECK(report.seconds > 0.0);
    CHECK(report.seconds_with_evaluation > report.seconds);
    CHECK(report.seconds == run.trace.seconds);
    CHECK_FALSE(run.trace.interrupted);
    CHECK_FALSE(report.accuracy.has_value());
  }
}

TEST_CASE("a target of accuracy, one of both, and one that is not met") {
  const Example example(120);
  TrainingOptions options = target_options(example.data);
  options.epochs = 60;
  options.target.accuracy = 0.8;
  const Trained<double> run = train("mini-batch", reference_backend<double>(), example, options);
  const TargetReport& report = run.trace.target.value();
  REQUIRE(report.met);
  CHECK(report.accuracy.value() == judge(example, run.theta, example.data).accuracy);
  CHECK(report.accuracy.value() >= 0.8);
  options.epochs = report.epochs - 1;
  const Trained<double> before = train("mini-batch", reference_backend<double>(), example, options);
  CHECK_FALSE(before.trace.target->met);
  CHECK(before.trace.target->epochs == options.epochs);
  CHECK(judge(example, before.theta, example.data).accuracy < 0.8);
  options.epochs = 60;
  options.target.loss = 1e-9;  // both must be met
  CHECK_FALSE(train("mini-batch", reference_backend<double>(), example, options).trace.target->met);
  options.target = {};
  CHECK_FALSE(train("mini-batch", reference_backend<double>(), example, options).trace.target.has_value());
}

TEST_CASE("evaluating changes nothing") {
  const Example example(120);
  for (const TrainerEntry& trainer : all_trainers()) {
    INFO("trainer " << trainer.name);
    TrainingOptions options = target_options(example.data);
    options.target.loss = 1e-9;
    const Trained<double> with = train(trainer.name, reference_backend<double>(), example, options);
    options.target = {};
    const Trained<double> without = train(trainer.name, reference_backend<double>(), example, options);
    CHECK(bitwise_equal(with.theta, without.theta));
    CHECK(with.trace.loss_per_epoch == without.trace.loss_per_epoch);
  }
}

TEST_CASE("every trainer ends soon after it was interrupted") {
  const Example example(120);
  for (const TrainerEntry& trainer : all_trainers()) {
    for (const std::size_t threads : Sizes{1, 2}) {
      INFO("trainer " << trainer.name << " on " << threads << " threads");
      std::atomic<bool> interrupt = false;
      TrainingOptions options = target_options(example.data);
      options.target = {};
      options.epochs = 2'000'000;  // minutes
      options.threads = threads;
      options.force_parallel = threads > 1;
      options.interrupt = &interrupt;
      std::chrono::steady_clock::time_point asked;
      std::thread user([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        asked = std::chrono::steady_clock::now();
        interrupt = true;
      });
      const Trained<double> run = train(trainer.name, reference_backend<double>(), example, options);
      const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - asked;
      user.join();
      CHECK(run.trace.interrupted);
      CHECK(run.trace.loss_per_epoch.size() < options.epochs);
      CHECK(run.trace.seconds > 0.0);
      CHECK(waited.count() < 1.0);
    }
  }
}

TEST_CASE("a step, an evaluation and a prediction that were interrupted leave nothing behind") {
  const Example example(3000);  // several chunks
  const std::atomic<bool> interrupt = true;
  const Matrix<double> none = predict_all(reference_backend<double>(), example.network, example.initial,
                                          example.data.X, 1024, &interrupt);
  CHECK(none.rows() == 0);
  Evaluator<double> evaluator(reference_backend<double>(), example.network, example.data, &interrupt);
  CHECK(std::isnan(evaluator(example.initial, true).loss));
  for (const TrainerEntry& trainer : all_trainers()) {
    for (const std::size_t threads : Sizes{1, 2, 3}) {
      for (const std::size_t batch : Sizes{8, 1500}) {
        INFO("trainer " << trainer.name << " on " << threads << " threads, batches of " << batch);
        TrainingOptions options = target_options(example.data);
        options.target.loss = 1e-9;
        options.batch_size = batch;
        options.local_steps = 1;
        options.threads = threads;
        options.force_parallel = threads > 1;
        options.interrupt = &interrupt;
        const Trained<double> run = train(trainer.name, reference_backend<double>(), example, options);
        CHECK(run.trace.interrupted);
        CHECK(run.trace.loss_per_epoch.empty());
        CHECK(std::isnan(run.trace.target->loss));
        if (trainer.name == "local-sgd") continue;  // averages the same weights: rounding
        CHECK(bitwise_equal(run.theta, example.initial));
      }
    }
  }
}

}  // namespace mlpbench::test
