#include <algorithm>
#include <cmath>

#include "core/training/thread_team.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
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

}  // namespace

TEMPLATE_TEST_CASE("hogwild on one thread is mini-batch, bit for bit", "", float, double) {
  const Example example(53, 30, 20);  // more than one run of 256 parameters
  for_each_backend([&](const BackendEntry& entry) {
    if (!entry.bits_by_block) return;
    for (const HogwildForm form : {HogwildForm::strict, HogwildForm::fast}) {
      TrainingOptions options = hogwild_options(form, 1);
      const Backend<TestType>& backend = entry.get<TestType>();
      const Trained<TestType> serial = train("mini-batch", backend, example, options);
      const Trained<TestType> hogwild = train("hogwild", backend, example, options);
      CHECK(same_bits(hogwild.theta, serial.theta));
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
  const Backend<double>& backend = specification<double>();
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
    for (const std::size_t threads : {2, 4}) {
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
  if (running_threads(2) < 2) return;
  // On a busy machine the threads may take turns for a while: then there is nothing to lose, and another run
  // is due.
  const Example example(2000, 40, 40);
  TrainingOptions options = hogwild_options(HogwildForm::strict, 4);
  options.batch_size = 1;
  options.epochs = 2;
  options.learning_rate = 1e-3;
  std::uint64_t lost = 0;
  for (int run = 0; run < 200 && lost == 0; ++run) {
    lost = train("hogwild", specification<float>(), example, options).trace.lost_updates.value();
  }
  CHECK(lost > 0);
}

}  // namespace mlpbench::test
