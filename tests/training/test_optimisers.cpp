#include <cmath>
#include <optional>
#include <set>
#include <vector>

#include "core/optimisers/optimiser.h"
#include "core/training/parallel_step.h"
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
      const OptimiserSpec spec{.name = entry.name, .l2 = 0.1, .weight_decay = 0.02};
      Optimiser<T> of_whole(spec, 0.1, example.network, {}), of_parts(spec, 0.1, example.network, {});
      const std::size_t size = whole.all().size();
      for (int update = 0; update < 3; ++update) {
        backend.get<T>().update_range(of_whole.next(T{1}), whole, gradient, 0, size);
        const OptimiserStep<T> step = of_parts.next(T{1});
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

namespace {

/// Every trainer with `options` on one thread and on several.
template <typename T>
void check_threads(const Example& example, TrainingOptions options) {
  const bool keeps_state = find_optimiser(options.optimiser.name).state_buffers > 0;
  for (const TrainerEntry& trainer : all_trainers()) {
    for_each_backend(kDTypeOf<T>, [&](const BackendEntry& backend) {
      if (!backend.block_invariant || trainer.runs_members) return;
      INFO(options.optimiser.name << ", " << trainer.name << " on " << backend.name);
      if (trainer.stateless && keeps_state) {
        CHECK_THROWS_WITH(train(trainer.name, backend.get<T>(), example, options),
                          ContainsSubstring("keeps a state"));
        return;
      }
      options.threads = 1;
      const Trained<T> alone = train(trainer.equivalent_to, backend.get<T>(), example, options);
      options.threads = trainer.deterministic ? 3 : 1;
      const Trained<T> shared = train(trainer.name, backend.get<T>(), example, options);
      CHECK(bitwise_equal(shared.theta, alone.theta));
      CHECK(shared.trace.loss_per_epoch == alone.trace.loss_per_epoch);
      CHECK_FALSE(bitwise_equal(shared.theta, example.parameters<T>()));
    });
  }
}

TrainingOptions options_of(std::size_t batch_size) {
  TrainingOptions options;
  options.epochs = 3;
  options.learning_rate = 0.05;
  options.batch_size = batch_size;
  options.keep_incomplete_batch = true;
  options.force_parallel = true;
  options.local_steps = 2;
  return options;
}

}  // namespace

TEMPLATE_TEST_CASE("every optimiser has one result on any number of threads", "", float, double) {
  const Example example(300, 20, 9);
  TrainingOptions options = options_of(37);
  for (const OptimiserEntry& entry : all_optimisers()) {
    options.optimiser = {.name = entry.name, .schedule = "cosine"};
    check_threads<TestType>(example, options);
    options.optimiser.l2 = 0.1;
    options.optimiser.weight_decay = 0.05;
    options.optimiser.clip_norm = 0.02;
    check_threads<TestType>(example, options);
  }
}

TEMPLATE_TEST_CASE("a clipped update of several chunks has one result on any number of threads", "", float,
                   double) {
  const Example example(13000, 40, 30);
  TrainingOptions options = options_of(13000);
  options.optimiser = {.name = "momentum", .l2 = 0.1, .clip_norm = 0.02};
  REQUIRE(step_parts(example.network, options.batch_size, 3, sizeof(TestType)).chunks);
  check_threads<TestType>(example, options);
}

TEMPLATE_TEST_CASE("a clipped gradient has the norm that it is clipped to", "", float, double) {
  using T = TestType;
  const Example example(40);
  const Backend<T>& backend = find_backend("naive").get<T>();
  TrainingOptions options = options_of(40);
  options.epochs = 1;
  options.learning_rate = 1.0;
  const auto norm_of_step = [&](std::optional<double> clip_norm) {
    options.optimiser.clip_norm = clip_norm;
    const Trained<T> trained = train("full-batch", backend, example, options);
    double squares = 0.0;
    for (std::size_t p = 0; p < trained.theta.all().size(); ++p) {
      const double step = static_cast<double>(trained.theta.all()[p] - example.parameters<T>().all()[p]);
      squares += step * step;
    }
    return std::sqrt(squares);
  };
  const double whole = norm_of_step({});
  CHECK(norm_of_step(whole / 3.0) == Approx(whole / 3.0).epsilon(1e-5));
  CHECK(norm_of_step(whole * 3.0) == whole);
}

TEST_CASE("local-sgd keeps or resets the workers' state where it averages the weights") {
  const Example example(64);
  const Backend<double>& backend = find_backend("naive").get<double>();
  TrainingOptions options = options_of(8);
  options.workers = 1;
  options.local_steps = 1;
  const auto trained = [&](std::string_view optimiser, LocalState state) {
    options.optimiser.name = optimiser;
    options.local_state = state;
    return train("local-sgd", backend, example, options).theta;
  };
  const Parameters<double> sgd = trained("sgd", LocalState::keep);
  CHECK(bitwise_equal(trained("sgd", LocalState::reset), sgd));
  CHECK(bitwise_equal(trained("momentum-torch", LocalState::reset), sgd));  // no step is kept
  CHECK_FALSE(bitwise_equal(trained("momentum-torch", LocalState::keep), sgd));
}

TEST_CASE("schedules have the rates of their formulas") {
  const Pace pace{.epochs = 10, .updates = 4, .samples = 99};
  const auto rate = [&](std::string_view name, std::size_t update, std::vector<double> hyper_parameters) {
    return find_schedule(name).rate(2.0, hyper_parameters.data(), update, pace);
  };
  CHECK(find_schedule("constant").rate == nullptr);
  CHECK(rate("step", 11, {3.0, 0.5}) == 2.0);
  CHECK(rate("step", 12, {3.0, 0.5}) == 1.0);
  CHECK(rate("step", 39, {3.0, 0.5}) == 0.25);
  CHECK(rate("cosine", 0, {2.0}) == 0.25);
  CHECK(rate("cosine", 7, {2.0}) == 2.0);
  CHECK(rate("cosine", 8, {2.0}) == 2.0);
  CHECK(rate("cosine", 24, {2.0}) == Approx(1.0));
  CHECK(rate("cosine", 20, {0.0}) == Approx(1.0));
  CHECK(rate("inverse", 3, {0.5}) == 2.0);
  CHECK(rate("inverse", 4, {0.5}) == 0.2);
  CHECK_THROWS_WITH(find_schedule("cyclic"),
                    ContainsSubstring("unknown schedule 'cyclic'; there are: constant, step"));
}

}  // namespace mlpbench::test
