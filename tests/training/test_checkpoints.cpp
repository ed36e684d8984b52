// A run that goes on from a checkpoint leaves the bits of the run that was never ended.

#include <map>

#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

/// What the visitor saw, by name.
using Kept = std::map<std::string, std::vector<std::byte>, std::less<>>;

/// Keeps every state that a run offers, and restores the one it is told to.
struct Store {
  std::vector<Kept> kept;
  const Kept* restored = nullptr;
  Checkpoints checkpoints;

  explicit Store(std::size_t every) {
    checkpoints.every = every;
    checkpoints.save = [this](const RunState& state) {
      Kept& all = kept.emplace_back();
      state([&](std::string_view name, std::span<std::byte> bytes) {
        REQUIRE(all.emplace(name, std::vector(bytes.begin(), bytes.end())).second);
      });
    };
    checkpoints.restore = [this](const RunState& state) {
      if (restored == nullptr) return false;
      state([&](std::string_view name, std::span<std::byte> bytes) {
        const std::vector<std::byte>& from = restored->find(name)->second;
        REQUIRE(from.size() == bytes.size());
        std::copy(from.begin(), from.end(), bytes.begin());
      });
      return true;
    };
  }
};

TrainingOptions options_with(std::string_view optimiser, const Dataset& held_out) {
  TrainingOptions options;
  options.epochs = 9;
  options.learning_rate = 0.05;
  options.batch_size = 8;
  options.keep_incomplete_batch = true;
  options.workers = 3;
  options.local_steps = 2;
  options.optimiser.name = optimiser;
  options.optimiser.schedule = "cosine";
  options.validation = {&held_out, {}, 0.0};
  options.target = {1e-9, {}, &held_out};
  return options;
}

template <typename T>
void check_goes_on(const TrainerEntry& trainer, std::string_view optimiser, std::size_t threads) {
  const Example example(61);
  const Dataset held_out = Example(40).data;
  TrainingOptions options = options_with(optimiser, held_out);
  const Backend<T>& backend = usable_backends().front()->get<T>();
  const Trained<T> whole = train<T>(trainer.name, backend, example, options);
  Store store(2);
  options.checkpoints = &store.checkpoints;
  train<T>(trainer.name, backend, example, options);
  REQUIRE(store.kept.size() == 5);  // after 2, 4, 6, 8 and all 9
  const std::vector<Kept> kept = std::move(store.kept);
  options.threads = threads;
  options.force_parallel = threads > 1;
  for (const Kept& state : kept) {
    store.restored = &state;
    const Trained<T> rest = train<T>(trainer.name, backend, example, options);
    CHECK(bitwise_equal(rest.theta, whole.theta));
    CHECK(rest.trace.loss_per_epoch == whole.trace.loss_per_epoch);
    CHECK(rest.trace.mean_loss_per_epoch == whole.trace.mean_loss_per_epoch);
    CHECK(rest.trace.samples_trained == whole.trace.samples_trained);
    CHECK(rest.trace.validation->loss_per_epoch == whole.trace.validation->loss_per_epoch);
    CHECK(rest.trace.validation->best_epoch == whole.trace.validation->best_epoch);
    CHECK(rest.trace.target->epochs == whole.trace.target->epochs);
    CHECK(rest.next_random == whole.next_random);
  }
}

}  // namespace

TEST_CASE("every trainer goes on from a checkpoint to the bits of the whole run", "[checkpoints]") {
  for (const TrainerEntry& trainer : all_trainers()) {
    if (trainer.runs_members) continue;
    for (const OptimiserEntry& optimiser : all_optimisers()) {
      if (trainer.stateless && optimiser.state_buffers > 0) continue;
      INFO(trainer.name << " with " << optimiser.name);
      check_goes_on<double>(trainer, optimiser.name, 1);
      check_goes_on<float>(trainer, optimiser.name, 1);
    }
  }
}

TEST_CASE("a checkpoint goes on with another number of threads", "[checkpoints]") {
  for (const TrainerEntry& trainer : all_trainers()) {
    if (!trainer.parallel || !trainer.deterministic || trainer.runs_members) continue;
    INFO(trainer.name);
    check_goes_on<double>(trainer, "adam", 3);
  }
}

}  // namespace mlpbench::test
