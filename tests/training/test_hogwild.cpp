#include <algorithm>
#include <cmath>

#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/allocation_counter.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

TrainingOptions hogwild_options(HogwildForm form, std::size_t threads) {
  TrainingOptions options;
  options.epochs = 4;
  options.learning_rate = 0.1;
  options.batch_size = 7;
  options.keep_incomplete_batch = true;
  options.hogwild_form = form;
  options.threads = threads;
  return options;
}

/// The naive backend, whose update() of a run of weights finds others at work on `victims`.
class Meddling final : public Backend<float> {
 public:
  explicit Meddling(std::span<float> victims) : victims_(victims) {}

  void dense_forward(MatrixView<const float> W, std::span<const float> b, MatrixView<const float> X,
                     Activation activation, MatrixView<float> A, std::span<float> scratch,
                     MatrixView<float> Z) const noexcept override {
    naive_.dense_forward(W, b, X, activation, A, scratch, Z);
  }
  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const float> A,
                      MatrixView<const float> Y, MatrixView<float> dZ,
                      MatrixView<const float> Z) const noexcept override {
    return naive_.output_delta(loss, activation, A, Y, dZ, Z);
  }
  void weight_gradient(MatrixView<const float> dZ, MatrixView<const float> X, float scale,
                       MatrixView<float> dW, std::span<float> db,
                       std::span<float> scratch) const noexcept override {
    naive_.weight_gradient(dZ, X, scale, dW, db, scratch);
  }
  void input_delta(MatrixView<const float> W, MatrixView<const float> dZ, MatrixView<const float> saved_prev,
                   Activation activation, MatrixView<float> dZ_prev,
                   std::span<float> scratch) const noexcept override {
    naive_.input_delta(W, dZ, saved_prev, activation, dZ_prev, scratch);
  }
  void update(const UpdateRule<float>& rule, std::span<float> theta, std::span<const float> gradient,
              MatrixView<float> state) const noexcept override {
    naive_.update(rule, theta, gradient, state);
    for (float& victim : victims_) victim += 1e-6F * (1.0F + std::abs(victim));
  }

 private:
  const Backend<float>& naive_ = reference_backend<float>();
  std::span<float> victims_;
};

}  // namespace

TEMPLATE_TEST_CASE("hogwild on one thread is mini-batch, bit for bit", "", float, double) {
  const Example example(53, 30, 20);  // more than one run of 256 parameters
  for_each_backend(kDTypeOf<TestType>, [&](const BackendEntry& entry) {
    if (!entry.block_invariant) return;
    for (const HogwildForm form : {HogwildForm::strict, HogwildForm::fast}) {
      TrainingOptions options = hogwild_options(form, 1);
      const Backend<TestType>& backend = entry.get<TestType>();
      const Trained<TestType> serial = train("mini-batch", backend, example, options);
      const Trained<TestType> hogwild = train("hogwild", backend, example, options);
      CHECK(bitwise_equal(hogwild.theta, serial.theta));
      CHECK(hogwild.trace.loss_per_epoch == serial.trace.loss_per_epoch);
      CHECK(hogwild.trace.mean_loss_per_epoch == serial.trace.mean_loss_per_epoch);
      CHECK(hogwild.trace.samples_trained == serial.trace.samples_trained);
      CHECK(hogwild.next_random == serial.next_random);
      CHECK(hogwild.trace.lost_updates.has_value() == (form == HogwildForm::strict));
      CHECK(hogwild.trace.lost_updates.value_or(0) == 0);
    }
  });
}

TEST_CASE("hogwild on several threads ends where serial seeds end") {
  const Example example(400);
  const Backend<double>& backend = reference_backend<double>();
  TrainingOptions options = hogwild_options(HogwildForm::strict, 1);
  options.epochs = 60;
  std::vector<double> serial;
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    serial.push_back(train("mini-batch", backend, example, options, seed).trace.mean_loss_per_epoch.back());
  }
  const auto [lowest, highest] = std::minmax_element(serial.begin(), serial.end());
  const double spread = *highest - *lowest;
  // The fast form is a data race, which the thread sanitizer rightly reports.
  std::vector<HogwildForm> forms = {HogwildForm::strict};
  if (counts_allocations()) forms.push_back(HogwildForm::fast);
  for (const HogwildForm form : forms) {
    options.hogwild_form = form;
    for (const std::size_t threads : Sizes{2, 4}) {
      options.threads = threads;
      std::vector<double> losses;
      for (std::uint32_t seed = 0; seed < 9; ++seed) {
        losses.push_back(train("hogwild", backend, example, options, seed).trace.mean_loss_per_epoch.back());
      }
      std::sort(losses.begin(), losses.end());
      INFO("serial " << *lowest << " to " << *highest << ", hogwild median " << losses[4]);
      CHECK(losses[4] >= *lowest - spread);
      CHECK(losses[4] <= *highest + spread);
    }
  }
}

TEST_CASE("hogwild's strict form counts updates that were overwritten") {
  // As if another thread had added to three shared weights while each run of elements was being updated.
  // Those in the run are counted, for each of the 8 steps of 4 epochs.
  const Example example(53, 30, 20);
  Parameters<float> theta = example.parameters<float>();
  REQUIRE(theta.all().size() > 512);  // several runs, of which one is meddled with
  const Meddling backend(theta.all().subspan(300, 3));
  RandomState stream(5);
  const TrainingOptions options = hogwild_options(HogwildForm::strict, 1);
  const TrainingTrace trace = find_trainer("hogwild").train(
      TrainingRun<float>{backend, example.network, example.data, options, theta, stream});
  CHECK(trace.lost_updates == 3 * 8 * 4);
}

}  // namespace mlpbench::test
