// Early stopping: the weights of the epoch with the lowest loss on held-out data.

#include <cmath>

#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

TrainingOptions overfitting_options() {
  TrainingOptions options;
  options.epochs = 60;
  options.learning_rate = 1.0;
  options.batch_size = 8;
  options.workers = 2;
  options.local_steps = 2;
  return options;
}

/// The mean loss on `data`, from the outputs and nothing of the trainers' own.
double loss_on(const Dataset& data, const Example& example, const Parameters<double>& theta) {
  const Matrix<double> A = predict_all(reference_backend<double>(), example.network, theta, data.X);
  double loss = 0.0;
  for (std::size_t n = 0; n < data.samples(); ++n) {
    for (std::size_t k = 0; k < 2; ++k) loss -= data.Y(n, k) * std::log(A(k, n) + 1e-8);
  }
  return loss / static_cast<double>(data.samples());
}

}  // namespace

TEST_CASE("a run ends after `patience` epochs without a better one, with the best weights", "[validation]") {
  const Example example(48);
  const Dataset held_out = Example(300).data;
  for (const TrainerEntry& trainer : all_trainers()) {
    INFO("trainer " << trainer.name);
    TrainingOptions options = overfitting_options();
    const auto after = [&](std::size_t epochs) {
      TrainingOptions without = options;
      without.validation = {};
      without.epochs = epochs;
      return train(trainer.name, reference_backend<double>(), example, without).theta;
    };
    for (const double min_delta : {0.0, 0.004}) {
      options.validation = {&held_out, 4, min_delta};
      const Trained<double> run = train(trainer.name, reference_backend<double>(), example, options);
      const ValidationReport& report = *run.trace.validation;
      std::size_t best = 0, epoch = 0;
      double lowest = INFINITY;
      while (epoch < options.epochs && epoch - best < 4) {
        const double loss = loss_on(held_out, example, after(++epoch));
        CHECK(report.loss_per_epoch.at(epoch - 1) == Approx(loss).epsilon(1e-12));
        if (loss < lowest - min_delta) lowest = loss, best = epoch;
      }
      CHECK(report.loss_per_epoch.size() == epoch);
      CHECK(report.best_epoch == best);
      CHECK(report.stopped == (epoch - best >= 4));
      CHECK(run.trace.loss_per_epoch.size() == epoch);
      CHECK(bitwise_equal(run.theta, after(best)));
    }
  }
}

TEST_CASE("without patience all epochs are trained and the best weights kept", "[validation]") {
  const Example example(48);
  const Dataset held_out = Example(300).data;
  TrainingOptions options = overfitting_options();
  options.validation.held_out = &held_out;
  const Trained<double> run = train("mini-batch", reference_backend<double>(), example, options);
  const ValidationReport& report = *run.trace.validation;
  CHECK(report.loss_per_epoch.size() == options.epochs);
  CHECK_FALSE(report.stopped);
  CHECK(report.best_epoch < options.epochs);
  CHECK(report.best_loss == *std::min_element(report.loss_per_epoch.begin(), report.loss_per_epoch.end()));
  CHECK(loss_on(held_out, example, run.theta) == Approx(report.best_loss).epsilon(1e-12));
}

}  // namespace mlpbench::test
