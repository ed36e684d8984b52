#include <set>

#include "core/optimisers/optimiser.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/training/example.h"

namespace mlpbench::test {

TEST_CASE("optimisers are found by their names, and SGD is the first") {
  std::set<std::string_view> names;
  for (const OptimiserEntry& entry : all_optimisers()) {
    CHECK(&find_optimiser(entry.name) == &entry);
    CHECK(names.insert(entry.name).second);
  }
  CHECK(all_optimisers()[kSgd].name == TrainingOptions().optimiser.name);
  CHECK_THROWS_WITH(find_optimiser("shampoo"), ContainsSubstring("unknown optimiser 'shampoo'"));
}

TEMPLATE_TEST_CASE("ranges of an update with the columns of its state make the update of all", "", float,
                   double) {
  using T = TestType;
  const Example example(1, 9, 7);
  const Parameters<T> gradient = example.parameters<T>();
  for (const OptimiserEntry& entry : all_optimisers()) {
    for_each_backend(kDTypeOf<T>, [&](const BackendEntry& backend) {
      Parameters<T> whole = gradient, parts = gradient;
      Optimiser<T> of_whole({entry.name}, 0.1, example.network), of_parts({entry.name}, 0.1, example.network);
      const std::size_t size = whole.all().size();
      for (int update = 0; update < 3; ++update) {
        backend.get<T>().update_range(of_whole.next(), whole, gradient, 0, size);
        const OptimiserStep<T> step = of_parts.next();
        for (std::size_t first = 0; first < size; first += 17) {
          backend.get<T>().update_range(step, parts, gradient, first,
                                        std::min<std::size_t>(17, size - first));
        }
      }
      INFO(entry.name << " on " << backend.name);
      if (backend.block_invariant) CHECK(bitwise_equal(parts, whole));
      CHECK_FALSE(bitwise_equal(whole, gradient));
    });
  }
}

TEMPLATE_TEST_CASE("every optimiser has one result on any number of threads", "", float, double) {
  using T = TestType;
  const Example example(300, 20, 9);
  TrainingOptions options;
  options.epochs = 3;
  options.learning_rate = 0.05;
  options.batch_size = 37;
  options.keep_incomplete_batch = true;
  options.force_parallel = true;
  options.local_steps = 2;
  for (const OptimiserEntry& entry : all_optimisers()) {
    options.optimiser.name = entry.name;
    for (const TrainerEntry& trainer : all_trainers()) {
      for_each_backend(kDTypeOf<T>, [&](const BackendEntry& backend) {
        if (!backend.block_invariant || trainer.runs_members) return;
        options.threads = 1;
        const Trained<T> alone = train(trainer.equivalent_to, backend.get<T>(), example, options);
        options.threads = trainer.deterministic ? 3 : 1;
        const Trained<T> shared = train(trainer.name, backend.get<T>(), example, options);
        INFO(entry.name << ", " << trainer.name << " on " << backend.name);
        CHECK(bitwise_equal(shared.theta, alone.theta));
        CHECK_FALSE(bitwise_equal(shared.theta, example.parameters<T>()));
      });
    }
  }
}

}  // namespace mlpbench::test
