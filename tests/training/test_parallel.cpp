// What full-batch, sync, local-sgd and ensemble promise: the same bits on any number of threads.

#include <atomic>
#include <thread>

#include "core/training/parallel_step.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/rank_cases.h"

namespace mlpbench::test {
namespace {

/// Keeps all CPUs busy, so that threads are taken away in the middle of their tasks.
class Load {
 public:
  Load() {
    for (unsigned n = 0; n <= std::thread::hardware_concurrency(); ++n) {
      threads_.emplace_back([this] {
        while (!over_) {
        }
      });
    }
  }
  ~Load() {
    over_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> over_ = false;
  std::vector<std::thread> threads_;
};

template <typename T>
void check_same_bits(const BackendEntry& entry, const Example& example, TrainingOptions options,
                     std::initializer_list<std::size_t> threads, int repetitions) {
  for (const TrainerEntry& trainer : all_trainers()) {
    if (!trainer.parallel || !trainer.deterministic) continue;
    const std::string_view equal = trainer.runs_members ? options.ensemble_of : trainer.equivalent_to;
    TrainingOptions serial = options;
    serial.force_parallel = false;
    serial.threads = 1;
    const Trained<T> expected = train<T>(equal, entry.get<T>(), example, serial);
    for (const std::size_t count : threads) {
      options.threads = count;
      for (int repetition = 0; repetition < repetitions; ++repetition) {
        INFO(trainer.name << " on " << count << " threads, " << example.network.shape());
        const Trained<T> actual = train<T>(trainer.name, entry.get<T>(), example, options);
        REQUIRE(bitwise_equal(actual.theta, expected.theta));
        REQUIRE(actual.trace.loss_per_epoch == expected.trace.loss_per_epoch);
        REQUIRE(actual.trace.mean_loss_per_epoch == expected.trace.mean_loss_per_epoch);
        REQUIRE(actual.trace.samples_trained == expected.trace.samples_trained);
        REQUIRE(actual.next_random == expected.next_random);
      }
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("parallel training leaves the same bits on any number of threads, under load", "", float,
                   double) {
  const Example example(331);
  const Load load;
  for_each_backend(kDTypeOf<TestType>, [&](const BackendEntry& entry) {
    if (!entry.block_invariant) return;
    // 150 samples a batch: two blocks, or on more threads three of the narrowest, the last one incomplete;
    // and an incomplete batch.
    check_same_bits<TestType>(entry, example, rank_options(2, 150), {1, 2, 3, 4, 7, 8, 16}, 20);
  });
}

TEMPLATE_TEST_CASE("parallel training of a wide network leaves the same bits", "", float, double) {
  const Example example(200, 150, 270);
  for_each_backend(kDTypeOf<TestType>, [&](const BackendEntry& entry) {
    if (!entry.block_invariant) return;
    TrainingOptions options = rank_options(1, 90);
    check_same_bits<TestType>(entry, example, options, {1, 2, 3, 7, 16}, 2);
    options.sum_gradients = true;
    options.learning_rate = 0.001;
    options.keep_incomplete_batch = false;
    options.batch_size = 66;
    check_same_bits<TestType>(entry, example, options, {2, 5}, 1);
  });
}

TEMPLATE_TEST_CASE("parallel training of batches of many chunks leaves the same bits", "", float, double) {
  // At most 1024 samples a chunk: 16 of them, and an incomplete batch of 4. By tiles on 7 and 10 threads,
  // else by chunks, on 1 and 2 in rounds of 4 and 8.
  const Example example(15600);
  REQUIRE(Chunks(example.network, 13000).count() == 16);
  REQUIRE(step_parts(example.network, 13000, 2, sizeof(double)).chunks);
  REQUIRE_FALSE(step_parts(example.network, 13000, 7, sizeof(double)).chunks);
  for_each_backend(kDTypeOf<TestType>, [&](const BackendEntry& entry) {
    if (!entry.block_invariant) return;
    check_same_bits<TestType>(entry, example, rank_options(2, 13000), {1, 2, 3, 7, 8, 10, 16}, 1);
  });
}

TEMPLATE_TEST_CASE("parallel training with dropout leaves the same bits", "", float, double) {
  Example tiles(331), chunks(15600);
  for (Example* const example : {&tiles, &chunks}) {
    example->drop(0.3);
    const std::size_t batch = example == &tiles ? 150 : 13000;
    REQUIRE(step_parts(example->network, batch, 2, sizeof(TestType)).chunks == (example == &chunks));
    TrainingOptions options = rank_options(2, batch);
    options.dropout_seed = 17;
    for_each_backend(kDTypeOf<TestType>, [&](const BackendEntry& entry) {
      if (entry.block_invariant) check_same_bits<TestType>(entry, *example, options, {1, 2, 3, 7}, 1);
    });
  }
}

TEST_CASE("the threads that were asked for are used, where sharing is forced") {
  const Example example(64);
  TrainingOptions options = rank_options(1, 16);
  options.threads = 3;
  for (const char* trainer : {"full-batch", "sync", "hogwild"}) {
    CHECK(train<double>(trainer, reference_backend<double>(), example, options).trace.threads == 3);
  }
  CHECK(train<double>("mini-batch", reference_backend<double>(), example, options).trace.threads == 1);
}

TEST_CASE("a step that is too short to share is not shared, a long one is") {
  TrainingOptions options = rank_options(2, 8);
  options.force_parallel = false;
  options.threads = 2;
  const Example small(64);
  CHECK(train<double>("sync", reference_backend<double>(), small, options).trace.threads == 1);
  if (std::thread::hardware_concurrency() < 2) return;
  const Example large(1000, 300, 300);
  options.batch_size = 500;
  CHECK(train<double>("sync", reference_backend<double>(), large, options).trace.threads == 2);
}

}  // namespace mlpbench::test
