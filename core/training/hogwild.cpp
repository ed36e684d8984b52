#include <bit>
#include <cmath>
#include <memory>
#include <vector>

#include "core/optimisers/rule_ranges.h"
#include "core/training/batches.h"
#include "core/training/epochs.h"
#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// Elements that strict reads, updates and writes back at once. In a shorter run fewer updates of others fall
/// in between; in a longer one the backend's call costs less.
constexpr std::size_t kRun = 256;

template <typename T>
T load(T& shared) noexcept {
  return std::atomic_ref<T>(shared).load(std::memory_order_relaxed);
}
template <typename T>
void store(T value, T& shared) noexcept {
  std::atomic_ref<T>(shared).store(value, std::memory_order_relaxed);
}

template <typename T>
auto bits(T value) noexcept {
  return std::bit_cast<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>(value);
}

/// What one thread needs besides the shared weights; nothing in it is shared.
template <typename T>
class Worker {
 public:
  explicit Worker(const TrainingRun<T>& run)
      : run_(run), strict_(run.options.hogwild_form == HogwildForm::strict), gradients_(run) {
    if (strict_) copy_ = Parameters<T>(run.network);
  }

  /// One step on a batch; the loss summed over it.
  double step(const Batches<T>& batches, std::size_t epoch, std::size_t batch,
              Optimiser<T>& optimiser) noexcept {
    if (strict_) read_shared();
    const Parameters<T>& theta = strict_ ? copy_ : run_.theta;
    const double loss = gradients_(theta, batches, epoch, batches.samples(batch)) + optimiser.penalty(theta);
    if (gradients_.abandoned(loss)) return loss;
    const OptimiserStep<T> own = optimiser.at(epoch * batches.count() + batch + 1,
                                              run_.options.template gradient_scale<T>(batches.size(batch)));
    if (strict_) {
      update_shared(own);
    } else {
      run_.backend.update_all(own, run_.theta, gradients_.gradients());
    }
    return loss;
  }

  std::uint64_t lost_updates() const noexcept { return lost_updates_; }

 private:
  void read_shared() noexcept {
    const std::span<T> shared = run_.theta.all(), copy = copy_.all();
    for (std::size_t i = 0; i < shared.size(); ++i) copy[i] = load(shared[i]);
  }

  /// Biases are runs of their own where they have another rule than weights.
  void update_shared(const OptimiserStep<T>& optimiser) noexcept {
    const OptimiserStep<T> step = optimiser.clipped(gradients_.gradients().all());
    for_each_rule(step.rule, run_.theta, 0, run_.theta.all().size(),
                  [&](const UpdateRule<T>& rule, std::size_t first, std::size_t count) {
                    update_runs(rule, first, count);
                  });
  }

  void update_runs(const UpdateRule<T>& rule, std::size_t begin, std::size_t size) noexcept {
    const std::span<T> shared = run_.theta.all().subspan(begin, size);
    const std::span<const T> gradient = gradients_.gradients().all().subspan(begin, size);
    T before[kRun], after[kRun];
    for (std::size_t first = 0; first < size; first += kRun) {
      const std::size_t count = std::min(kRun, size - first);
      for (std::size_t i = 0; i < count; ++i) before[i] = after[i] = load(shared[first + i]);
      run_.backend.update(rule, {after, count}, gradient.subspan(first, count), {});
      for (std::size_t i = 0; i < count; ++i) {
        lost_updates_ += bits(load(shared[first + i])) != bits(before[i]);
        store(after[i], shared[first + i]);
      }
    }
  }

  const TrainingRun<T>& run_;
  bool strict_;
  BatchGradients<T> gradients_;
  Parameters<T> copy_;
  alignas(kThreadAlignment) std::uint64_t lost_updates_ = 0;
};

}  // namespace

template <typename T>
TrainingTrace train_hogwild(const TrainingRun<T>& run) {
  require_stateless(run.options.optimiser, "hogwild");
  if (run.options.ranks != nullptr)
    throw UserError("--trainer hogwild: its threads share weights in one memory, which ranks have not");
  const SubnormalsScope scope(run.options.subnormals);
  Batches<T> batches(run);
  Optimiser<T> optimiser = batches.optimiser(run);
  std::vector<double> losses(batches.count());
  ThreadPool pool(run.options.threads);
  std::vector<std::unique_ptr<Worker<T>>> workers;
  for (std::size_t n = 0; n < pool.threads(); ++n) workers.push_back(std::make_unique<Worker<T>>(run));

  TrainingTrace trace;
  trace.threads = pool.threads();
  const auto state = [&](const StateVisitor& visit) { batches.visit_state(visit); };
  for (Epochs<T> epochs(run, trace, state); epochs.more(); epochs.finish()) {
    batches.shuffle();
    std::fill(losses.begin(), losses.end(), 0.0);
    // A loss that is not finite ends the epoch; batches that were not trained have the loss 0.
    std::atomic<bool> over = false;
    pool.for_each(batches.count(), [&](std::size_t batch, std::size_t thread_id) {
      if (over.load(std::memory_order_relaxed)) return;
      losses[batch] = workers[thread_id]->step(batches, epochs.number(), batch, optimiser);
      if (!std::isfinite(losses[batch]) || epochs.interrupt_requested()) {
        over.store(true, std::memory_order_relaxed);
      }
    });
    if (epochs.interrupted()) break;
    for (std::size_t b = 0; b < batches.count(); ++b) epochs.add(losses[b], batches.size(b));
  }
  if (run.options.hogwild_form == HogwildForm::strict) {
    trace.lost_updates = 0;
    for (const auto& worker : workers) *trace.lost_updates += worker->lost_updates();
  }
  return trace;
}

template TrainingTrace train_hogwild(const TrainingRun<float>&);
template TrainingTrace train_hogwild(const TrainingRun<double>&);

}  // namespace mlpbench
