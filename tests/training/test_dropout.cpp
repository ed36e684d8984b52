// Dropout and smoothed targets: what training sees of a network and of its data, and evaluation does not.

#include <cmath>
#include <set>
#include <vector>

#include "core/data/philox.h"
#include "core/training/evaluator.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

using Words = std::array<std::uint32_t, 4>;

Words philox_of(const Words& counter, std::uint32_t key0, std::uint32_t key1) {
  std::uint32_t words[4][3];
  for (std::size_t w = 0; w < 4; ++w) std::fill_n(words[w], 3, counter[w]);
  philox(words, key0, key1);
  return {words[0][1], words[1][1], words[2][1], words[3][1]};
}

Matrix<double> masks_of(double rate, std::size_t layer, const DropoutPlace& place, std::size_t units,
                        std::size_t samples) {
  Matrix<double> masks = Matrix<double>::padded(units, samples);
  draw_masks(rate, layer, place, masks.view());
  return masks;
}

bool same_numbers(MatrixView<const double> a, MatrixView<const double> b) {
  for (std::size_t u = 0; u < a.rows; ++u) {
    if (!std::equal(a.row(u), a.row(u) + a.cols, b.row(u))) return false;
  }
  return true;
}

TrainingOptions dropout_options(std::size_t batch_size) {
  TrainingOptions options;
  options.epochs = 4;
  options.learning_rate = 0.1;
  options.batch_size = batch_size;
  options.keep_incomplete_batch = true;
  options.dropout_seed = 7;
  options.workers = 1;
  return options;
}

/// The largest distance of two numbers of the parameters.
template <typename T>
double farthest(const Parameters<T>& a, const Parameters<T>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.all().size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(a.all()[i] - b.all()[i])));
  return largest;
}

}  // namespace

TEST_CASE("Philox has the words that its authors give") {
  constexpr std::uint32_t kOnes = 0xFFFFFFFF;
  CHECK(philox_of({0, 0, 0, 0}, 0, 0) == Words{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8});
  CHECK(philox_of({kOnes, kOnes, kOnes, kOnes}, kOnes, kOnes) ==
        Words{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD});
  CHECK(philox_of({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, 0xA4093822, 0x299F31D0) ==
        Words{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1});
}

TEST_CASE("a mask belongs to a sample, an epoch, a layer and a seed, not to the columns it is drawn with") {
  constexpr std::size_t kUnits = 37, kSamples = 500;
  const DropoutPlace place{3, 2};
  const Matrix<double> all = masks_of(0.25, 1, place, kUnits, kSamples);
  for (const std::size_t first : Sizes{0, 1, 16, 29, 480}) {
    for (const std::size_t count : Sizes{1, 15, 16, 20}) {
      const Matrix<double> part = masks_of(0.25, 1, place.from(first), kUnits, count);
      CHECK(same_numbers(part.view(), all.view().columns(first, count)));
    }
  }
  const std::vector<std::uint32_t> order = {400, 3, 77, 0, 499};
  const Matrix<double> shuffled = masks_of(0.25, 1, {3, 2, order}, kUnits, order.size());
  for (std::size_t n = 0; n < order.size(); ++n)
    CHECK(same_numbers(shuffled.view().columns(n, 1), all.view().columns(order[n], 1)));
  for (const Matrix<double>& other :
       {masks_of(0.25, 0, place, kUnits, kSamples), masks_of(0.25, 1, {4, 2}, kUnits, kSamples),
        masks_of(0.25, 1, {3, 1}, kUnits, kSamples)})
    CHECK_FALSE(same_numbers(other.view(), all.view()));
}

TEST_CASE("the rate is the part that is dropped, and the rest is scaled to the same mean") {
  for (const double rate : {0.1, 0.5, 0.9}) {
    constexpr std::size_t kUnits = 50, kSamples = 2000;
    const Matrix<double> masks = masks_of(rate, 0, {1, 1}, kUnits, kSamples);
    std::set<double> values;
    double dropped = 0.0;
    for (std::size_t u = 0; u < kUnits; ++u) {
      values.insert(masks.row(u), masks.row(u) + kSamples);
      for (std::size_t n = 0; n < kSamples; ++n) dropped += masks(u, n) == 0.0;
    }
    CHECK(values == std::set<double>{0.0, 1.0 / (1.0 - rate)});
    const double deviation = std::sqrt(rate * (1.0 - rate) * kUnits * kSamples);
    CHECK(std::abs(dropped - rate * kUnits * kSamples) < 4.0 * deviation);
  }
}

TEMPLATE_TEST_CASE("every trainer on one thread drops what mini-batch drops", "", float, double) {
  Example example(61);
  example.drop(0.4);
  for_each_backend(kDTypeOf<TestType>, [&](const BackendEntry& entry) {
    const Backend<TestType>& backend = entry.get<TestType>();
    const TrainingOptions options = dropout_options(10);
    const Trained<TestType> expected = train("mini-batch", backend, example, options);
    for (const TrainerEntry& trainer : all_trainers()) {
      if (!trainer.uses_batches || entry.exceptions().rounds_by_placement) continue;
      INFO(trainer.name << " on " << entry.name);
      for (const HogwildForm form : {HogwildForm::strict, HogwildForm::fast}) {
        TrainingOptions own = options;
        own.hogwild_form = form;
        CHECK(bitwise_equal(train(trainer.name, backend, example, own).theta, expected.theta));
      }
    }
    TrainingOptions other = options;
    other.dropout_seed = 8;
    CHECK_FALSE(bitwise_equal(train("mini-batch", backend, example, other).theta, expected.theta));
  });
}

TEST_CASE("masks follow the samples: a batch of all is full-batch, and workers' batches are one") {
  Example example(60);
  example.drop(0.4);
  for_each_backend(DType::float64, [&](const BackendEntry& entry) {
    const Backend<double>& backend = entry.get<double>();
    TrainingOptions options = dropout_options(60);
    const Trained<double> whole = train("full-batch", backend, example, options);
    CHECK(farthest(train("mini-batch", backend, example, options).theta, whole.theta) < 1e-13);
    options.batch_size = 15;
    options.workers = 4;
    options.local_steps = 1;
    CHECK(farthest(train("local-sgd", backend, example, options).theta, whole.theta) < 1e-13);
    Example without = example;
    without.drop(0.0);
    CHECK(farthest(train("full-batch", backend, without, options).theta, whole.theta) > 1e-4);
  });
}

TEST_CASE("what fuses a step does not fuse one with dropout, and all backends agree") {
  Example example(100);
  example.network.layers = {{5, Activation::tanh, 0.5}, {1, Activation::sigmoid}};
  example.network.loss = {Loss::binary_cross_entropy};
  example.initial = Parameters<double>(example.network);
  RandomState random(3);
  for (double& parameter : example.initial.all()) parameter = random.uniform(-0.8, 0.8);
  Matrix<double> Y(100, 1);
  for (std::size_t n = 0; n < 100; ++n) Y(n, 0) = example.data.Y(n, 0);
  example.data.Y = std::move(Y);
  const TrainingOptions options = dropout_options(16);
  const Trained<double> expected = train("mini-batch", reference_backend<double>(), example, options);
  for_each_backend(DType::float64, [&](const BackendEntry& entry) {
    CHECK(farthest(train("mini-batch", entry.get<double>(), example, options).theta, expected.theta) < 1e-12);
  });
}

TEST_CASE("predictions and evaluations drop nothing") {
  Example example(70);
  const Example without = example;
  example.drop(0.5);
  for_each_backend(DType::float64, [&](const BackendEntry& entry) {
    const Backend<double>& backend = entry.get<double>();
    const Parameters<double> theta = example.parameters<double>();
    CHECK(same_numbers(predict_all(backend, example.network, theta, example.data.X).view(),
                       predict_all(backend, without.network, theta, example.data.X).view()));
    const auto judged = [&](const NetworkSpec& network) {
      return Evaluator<double>(backend, network, example.data)(theta, true);
    };
    CHECK(judged(example.network).loss == judged(without.network).loss);
    CHECK(judged(example.network).accuracy == judged(without.network).accuracy);
  });
}

TEST_CASE("a rate that is none, or of the last layer, makes no network") {
  for (const double rate : {1.0, -0.1, std::nan("")}) {
    Example example(1);
    example.drop(rate);
    CHECK_THROWS_AS(example.network.validate(), std::invalid_argument);
  }
  Example example(1);
  example.drop(0.5);
  CHECK_NOTHROW(example.network.validate());
  example.network.layers.back().dropout = 0.5;
  CHECK_THROWS_AS(example.network.validate(), std::invalid_argument);
}

TEMPLATE_TEST_CASE("smoothed targets are those that training gets, and a target is judged by the others", "",
                   float, double) {
  const Example example(50);
  Example by_hand(50);
  for (std::size_t n = 0; n < 50; ++n) {
    for (std::size_t k = 0; k < 2; ++k) by_hand.data.Y.values()(n, k) = 0.8 * example.data.Y(n, k) + 0.1;
  }
  const Backend<TestType>& backend = reference_backend<TestType>();
  for (const TrainerEntry& trainer : all_trainers()) {
    INFO(trainer.name);
    TrainingOptions options = dropout_options(10);
    options.target = {.loss = 1e-9, .accuracy = {}, .held_out = &example.data};
    const Trained<TestType> expected = train(trainer.name, backend, by_hand, options);
    options.label_smoothing = 0.2;
    const Trained<TestType> smoothed = train(trainer.name, backend, example, options);
    CHECK(farthest(smoothed.theta, expected.theta) < 1e-6);
    CHECK(smoothed.trace.loss_per_epoch.back() == Approx(expected.trace.loss_per_epoch.back()).epsilon(1e-5));
    CHECK(smoothed.trace.target->loss == Approx(expected.trace.target->loss).epsilon(1e-5));
    options.label_smoothing = 0.0;
    CHECK(farthest(train(trainer.name, backend, example, options).theta, expected.theta) > 1e-3);
  }
}

}  // namespace mlpbench::test
