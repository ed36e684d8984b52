#include <cstdlib>

#include "core/training/parallel_step.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/skip.h"
#include "tests/training/allocation_counter.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

/// What one training run asks for, from its call to its return.
struct Asked {
  std::size_t times = 0, bytes = 0;
};

bool can_count() {
  if (counts_allocations()) return true;
  skip("a sanitizer has its own malloc");
  return false;
}

template <typename T>
Asked asked_by(const TrainerEntry& trainer, const Backend<T>& backend, std::size_t epochs,
               std::size_t threads = 1, std::size_t samples = 45, double dropout = 0.0) {
  Example example(samples);
  example.drop(dropout);
  Parameters<T> theta = example.parameters<T>();
  TrainingOptions options;
  options.epochs = epochs;
  options.learning_rate = 0.01;
  options.batch_size = 16;
  options.keep_incomplete_batch = true;
  options.threads = threads;
  options.force_parallel = threads > 1;
  options.workers = 2;
  RandomState stream(1);
  const TrainingRun<T> run = {backend, example.network, example.data, options, theta, stream};
  const Asked before{allocations(), allocated_bytes()};
  const TrainingTrace trace = trainer.train(run);
  return {allocations() - before.times, allocated_bytes() - before.bytes};
}

template <typename T>
std::size_t allocations_of(const TrainerEntry& trainer, const Backend<T>& backend, std::size_t epochs,
                           std::size_t threads = 1, double dropout = 0.0) {
  return asked_by(trainer, backend, epochs, threads, 45, dropout).times;
}

}  // namespace

TEST_CASE("the allocation counter counts") {
  if (!can_count()) return;
  const std::size_t before = allocations();
  // volatile: a compiler may leave out memory that nobody looks at.
  void* volatile raw = std::malloc(10);
  std::size_t* volatile object = new std::size_t(1);
  const AlignedBuffer<float> aligned(100);
  CHECK(allocations() - before >= 3);
  delete object;
  std::free(raw);
}

TEMPLATE_TEST_CASE("no epoch of training allocates", "", float, double) {
  if (!can_count()) return;
  for_each_backend(kDTypeOf<TestType>, [](const BackendEntry& entry) {
    for (const TrainerEntry& trainer : all_trainers()) {
      INFO("trainer " << trainer.name);
      const Backend<TestType>& backend = entry.get<TestType>();
      allocations_of(trainer, backend, 1);  // what a library allocates once
      // The traces are reserved as a whole: more epochs make larger allocations, not more.
      const std::size_t some = allocations_of(trainer, backend, 20);
      const std::size_t more = allocations_of(trainer, backend, 60);
      if (entry.exceptions().allocates) {
        CHECK(more > some);  // else its entry in the registry is out of date
      } else {
        CHECK(more == some);
        CHECK(allocations_of(trainer, backend, 60, 1, 0.3) == allocations_of(trainer, backend, 20, 1, 0.3));
      }
    }
  });
}

/// oneTBB keeps the memory of its tasks for the next ones. A thread whose tasks are still with another may
/// need a new one, a few a run for any length of the run.
constexpr std::size_t kOfTheScheduler = 40;

TEST_CASE("no epoch of parallel training allocates") {
  if (!can_count()) return;
  for_each_backend(DType::float64, [](const BackendEntry& entry) {
    if (entry.exceptions().allocates) return;
    for (const TrainerEntry& trainer : all_trainers()) {
      if (!trainer.parallel) continue;
      INFO("trainer " << trainer.name);
      const Backend<double>& backend = entry.get<double>();
      allocations_of(trainer, backend, 20, 2);
      const std::size_t some = allocations_of(trainer, backend, 20, 2);
      const std::size_t more = allocations_of(trainer, backend, 200, 2);  // 540 steps more
      CHECK(more <= some + kOfTheScheduler);
    }
  });
}

TEST_CASE("memory for another thread does not grow with the data") {
  if (!can_count()) return;
  for_each_backend(DType::float64, [](const BackendEntry& entry) {
    if (entry.exceptions().allocates) return;
    for (const TrainerEntry& trainer : all_trainers()) {
      if (!trainer.parallel) continue;
      INFO("trainer " << trainer.name);
      const auto of_two_threads = [&](std::size_t samples) {
        const Backend<double>& backend = entry.get<double>();
        asked_by(trainer, backend, 1, 4, samples);
        const std::size_t two = asked_by(trainer, backend, 1, 2, samples).bytes;
        const std::size_t four = asked_by(trainer, backend, 1, 4, samples).bytes;
        return static_cast<double>(four) - static_cast<double>(two);
      };
      // Both are 16 chunks or more, which two and four threads share in the same way.
      const double few = of_two_threads(16000), many = of_two_threads(80000);
      UNSCOPED_INFO("bytes: " << few << " at 16000 samples, " << many << " at 80000");
      CHECK(std::abs(many - few) < 32e3);  // the data grow by 2.5 MB; the scheduler's own vary
    }
  });
}

TEST_CASE("what a step by chunks keeps does not grow with the batch") {
  if (!can_count()) return;
  const Example example(1, 60, 40);
  ThreadPool pool(2);
  const auto asked_for = [&](std::size_t batch) {
    REQUIRE(step_parts(example.network, batch, 2, sizeof(double)).chunks);
    const std::size_t before = allocated_bytes();
    const ParallelStep<double> step(reference_backend<double>(), example.network, batch, pool);
    return allocated_bytes() - before;
  };
  asked_for(10 * 1024);  // what is made once in a process
  CHECK(asked_for(100 * 1024) == asked_for(10 * 1024));
}

}  // namespace mlpbench::test
