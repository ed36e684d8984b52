#include <cmath>
#include <numeric>
#include <string>

#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

struct BatchTrace {
  double last_loss = 0.0, mean_loss = 0.0;
};

/// One epoch of mini-batches written with nothing but full-batch training: one epoch of it on every batch of
/// the shuffled samples. With one batch of all samples this is full-batch training itself, on the samples in
/// another order. The two are comparable bit for bit when they train the same batches in the same order.
template <typename T>
BatchTrace epoch_of_full_batches(const TrainingRun<T>& run) {
  const std::size_t samples = run.data.samples(), size = run.options.batch_size;
  std::vector<std::size_t> order(samples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  run.stream.shuffle(order);
  TrainingOptions one_epoch = run.options;
  one_epoch.epochs = 1;
  BatchTrace trace;
  std::size_t trained = 0;
  for (std::size_t first = 0; first < samples; first += size) {
    const std::size_t count = std::min(size, samples - first);
    if (count < size && !run.options.keep_incomplete_batch) break;
    const Dataset batch = select_rows(run.data, std::span(order).subspan(first, count));
    const TrainingTrace step =
        train_full_batch(TrainingRun<T>{run.backend, run.network, batch, one_epoch, run.theta, run.stream});
    trace.last_loss = step.loss_per_epoch.at(0);
    trace.mean_loss += trace.last_loss * static_cast<double>(count);
    trained += count;
  }
  trace.mean_loss /= static_cast<double>(trained);
  return trace;
}

template <typename T>
void check_mini_batches(const Backend<T>& backend, const TrainingOptions& options) {
  const Example example(53);
  CAPTURE(options.batch_size, options.keep_incomplete_batch, options.sum_gradients);
  Parameters<T> theta = example.parameters<T>(), expected = example.parameters<T>();
  RandomState stream(5), expected_stream(5);

  const TrainingTrace trace =
      train_mini_batch(TrainingRun<T>{backend, example.network, example.data, options, theta, stream});

  const TrainingRun<T> expected_run = {backend, example.network, example.data,
                                       options, expected,        expected_stream};
  REQUIRE(trace.loss_per_epoch.size() == options.epochs);
  REQUIRE(trace.mean_loss_per_epoch.size() == options.epochs);
  for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
    const BatchTrace one = epoch_of_full_batches(expected_run);
    CHECK(trace.loss_per_epoch[epoch] == one.last_loss);
    CHECK(trace.mean_loss_per_epoch[epoch] == Approx(one.mean_loss).epsilon(1e-13));
  }
  CHECK(bitwise_equal(theta, expected));
  CHECK(stream.random_sample() == expected_stream.random_sample());
  const std::size_t incomplete = 53 % options.batch_size;
  CHECK(trace.samples_trained == options.epochs * (options.keep_incomplete_batch ? 53 : 53 - incomplete));
}

}  // namespace

TEMPLATE_TEST_CASE("mini-batches are steps on the shuffled samples, bit for bit", "", float, double) {
  for_each_backend(kDTypeOf<TestType>, [](const BackendEntry& entry) {
    for (const std::size_t batch_size : Sizes{1, 8, 32, 53}) {
      for (const bool keep : {false, true}) {
        for (const bool sum : {false, true}) {
          TrainingOptions options;
          options.epochs = 3;
          options.learning_rate = sum ? 0.01 : 0.1;
          options.batch_size = batch_size;
          options.keep_incomplete_batch = keep;
          options.sum_gradients = sum;
          check_mini_batches(entry.get<TestType>(), options);
        }
      }
    }
  });
}

TEMPLATE_TEST_CASE("classes train to the bits of one-hot numbers, with every trainer", "", float, double) {
  const Example numbers(53);
  Example classes(53);
  std::vector<std::size_t> labels;
  for (std::size_t n = 0; n < 53; ++n) labels.push_back(numbers.data.Y.class_of(n));
  classes.data.Y = Targets::one_hot(labels, 2);
  TrainingOptions options;
  options.epochs = 3;
  options.learning_rate = 0.1;
  options.batch_size = 7;
  options.keep_incomplete_batch = true;
  options.workers = 2;
  for (const double smoothing : {0.0, 0.2}) {
    options.label_smoothing = smoothing;
    for (const TrainerEntry& trainer : all_trainers()) {
      CAPTURE(trainer.name, smoothing);
      const auto trained = [&](const Example& example) {
        TrainingOptions of_example = options;
        of_example.validation.held_out = &example.data;
        return train(trainer.name, reference_backend<TestType>(), example, of_example);
      };
      const auto a = trained(numbers), b = trained(classes);
      CHECK(bitwise_equal(a.theta, b.theta));
      CHECK(a.trace.loss_per_epoch == b.trace.loss_per_epoch);
      CHECK(a.trace.validation->loss_per_epoch == b.trace.validation->loss_per_epoch);
    }
  }
}

TEMPLATE_TEST_CASE("full-batch training reports the loss before each update", "", float, double) {
  using T = TestType;
  const Example example(40);
  for_each_backend(kDTypeOf<T>, [&](const BackendEntry& entry) {
    const Backend<T>& backend = entry.get<T>();
    TrainingOptions options;
    options.epochs = 20;
    options.learning_rate = 0.5;
    RandomState stream(1);
    Parameters<T> theta = example.parameters<T>(), stepwise = example.parameters<T>();
    const TrainingTrace trace =
        train_full_batch(TrainingRun<T>{backend, example.network, example.data, options, theta, stream});
    CHECK(trace.mean_loss_per_epoch.empty());
    CHECK(trace.samples_trained == 20 * 40);
    CHECK(trace.seconds > 0.0);
    REQUIRE(trace.loss_per_epoch.size() == 20);
    options.epochs = 1;
    for (const double loss : trace.loss_per_epoch) {
      const Matrix<double> A = predict_all(backend, example.network, stepwise, example.data.X);
      double expected = 0.0;
      for (std::size_t n = 0; n < 40; ++n)
        expected -= std::log(A(example.data.Y(n, 1) == 1.0 ? 1 : 0, n)) / 40.0;
      CHECK(loss == Approx(expected).epsilon(sizeof(T) == 4 ? 1e-5 : 1e-6));  // log_epsilon is 1e-8
      train_full_batch(TrainingRun<T>{backend, example.network, example.data, options, stepwise, stream});
    }
    CHECK(bitwise_equal(theta, stepwise));
    CHECK(trace.loss_per_epoch.back() < 0.9 * trace.loss_per_epoch.front());
    CHECK(stream.random_sample() == RandomState(1).random_sample());  // no order of samples to draw
  });
}

TEMPLATE_TEST_CASE("predictions do not depend on how many are made at once", "", float, double) {
  using T = TestType;
  const Example example(150);
  const Parameters<T> theta = example.parameters<T>();
  for_each_backend(kDTypeOf<T>, [&](const BackendEntry& entry) {
    const auto predict = [&](std::size_t batch) {
      return predict_all(entry.get<T>(), example.network, theta, example.data.X, batch);
    };
    const Matrix<double> at_once = predict(150);
    REQUIRE(at_once.rows() == 2);
    REQUIRE(at_once.cols() == 150);
    for (const std::size_t batch : Sizes{1, 7, 32, 149, 1024}) {
      const Matrix<double> in_chunks = predict(batch);
      double distance = 0.0;
      for (std::size_t k = 0; k < 2; ++k) {
        for (std::size_t n = 0; n < 150; ++n) {
          const double d = std::abs(in_chunks(k, n) - at_once(k, n));
          distance = d <= distance ? distance : d;  // NaN is kept
        }
      }
      // A library may choose other kernels for other widths, which round otherwise.
      CHECK(distance <= 8.0 * static_cast<double>(std::numeric_limits<T>::epsilon()));
    }
    const Matrix<double> none = predict_all(entry.get<T>(), example.network, theta, Matrix<double>(0, 3));
    CHECK(none.cols() == 0);
  });
}

TEST_CASE("a trainer is found by its name or the names are listed") {
  for (const TrainerEntry& trainer : all_trainers()) CHECK(&find_trainer(trainer.name) == &trainer);
  try {
    find_trainer("adam");
    FAIL("there is a trainer called adam");
  } catch (const UserError& error) {
    const std::string message = error.what();
    CHECK(message.find("adam") != std::string::npos);
    for (const TrainerEntry& trainer : all_trainers()) CHECK(message.find(trainer.name) != std::string::npos);
  }
}

}  // namespace mlpbench::test
