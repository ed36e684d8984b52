#include <bit>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "core/training/batch.h"
#include "core/training/epochs.h"
#include "core/training/thread_pool.h"
#include "core/training/trainer.h"

namespace mlpbench {
namespace {

/// Elements that strict reads, updates and writes back at once: the shorter the run, the fewer updates of
/// others fall in between; the longer, the less the backend's call costs.
constexpr std::size_t kRun = 256;

template <typename T>
T load(T& shared) noexcept {
  return std::atomic_ref<T>(shared).load(std::memory_order_relaxed);
}

/// What one thread needs besides the shared weights; nothing in it is shared.
template <typename T>
class Worker {
 public:
  explicit Worker(const TrainingRun<T>& run)
      : run_(run),
        strict_(run.options.hogwild_form == HogwildForm::strict),
        batch_(run.data.features(), run.data.outputs(), run.options.batch_size),
        workspace_(run.backend, run.network, run.options.batch_size) {
    if (strict_) copy_ = Parameters<T>(run.network);
  }

  /// One step on `samples`; the loss summed over them.
  double step(const Matrix<T>& X_all, const Matrix<T>& Y_all, std::span<const std::size_t> samples) noexcept {
    const std::size_t count = samples.size();
    batch_.gather(X_all, Y_all, samples);
    if (strict_) read_shared();
    const T scale = run_.options.sum_gradients ? T{1} : T{1} / static_cast<T>(count);
    const double loss =
        run_.backend.gradients(run_.network, strict_ ? copy_ : run_.theta, batch_.X.view().columns(0, count),
                               batch_.Y.view().columns(0, count), scale, workspace_);
    const T rate = static_cast<T>(run_.options.learning_rate);
    if (strict_) {
      update_shared(rate);
    } else {
      run_.backend.update(run_.theta.all(), workspace_.gradients().all(), rate);
    }
    return loss;
  }

  std::uint64_t lost_updates() const noexcept { return lost_updates_; }

 private:
  void read_shared() noexcept {
    const std::span<T> shared = run_.theta.all(), copy = copy_.all();
    for (std::size_t i = 0; i < shared.size(); ++i) copy[i] = load(shared[i]);
  }

  void update_shared(T rate) noexcept {
    const std::span<T> shared = run_.theta.all(), gradient = workspace_.gradients().all();
    T before[kRun], after[kRun];
    for (std::size_t first = 0; first < shared.size(); first += kRun) {
      const std::size_t count = std::min(kRun, shared.size() - first);
      for (std::size_t i = 0; i < count; ++i) before[i] = after[i] = load(shared[first + i]);
      run_.backend.update({after, count}, gradient.subspan(first, count), rate);
      for (std::size_t i = 0; i < count; ++i) write(shared[first + i], before[i], after[i]);
    }
  }

  void write(T& shared, T before, T after) noexcept {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    lost_updates_ += std::bit_cast<Bits>(load(shared)) != std::bit_cast<Bits>(before);
    std::atomic_ref<T>(shared).store(after, std::memory_order_relaxed);
  }

  const TrainingRun<T>& run_;
  bool strict_;
  Batch<T> batch_;
  Workspace<T> workspace_;
  Parameters<T> copy_;
  alignas(kThreadAlignment) std::uint64_t lost_updates_ = 0;
};

/// The epoch's steps, shared out. A loss that is not finite ends the epoch; batches that were not trained
/// have the loss 0.
template <typename T>
void train_epoch(ThreadPool& pool, std::vector<std::unique_ptr<Worker<T>>>& workers, const Matrix<T>& X_all,
                 const Matrix<T>& Y_all, std::span<const std::size_t> order, std::size_t batch_size,
                 Epochs<T>& epochs, std::vector<double>& losses) {
  std::fill(losses.begin(), losses.end(), 0.0);
  std::atomic<bool> over = false;
  pool.for_each(losses.size(), [&](std::size_t batch, std::size_t thread_id) {
    if (over.load(std::memory_order_relaxed)) return;
    const std::size_t first = batch * batch_size, count = std::min(batch_size, order.size() - first);
    losses[batch] = workers[thread_id]->step(X_all, Y_all, order.subspan(first, count));
    if (!std::isfinite(losses[batch]) || epochs.interrupt_requested())
      over.store(true, std::memory_order_relaxed);
  });
}

}  // namespace

template <typename T>
TrainingTrace train_hogwild(const TrainingRun<T>& run) {
  require_batches(run);
  const TrainingOptions& options = run.options;
  const std::size_t samples = run.data.samples(), batch_size = options.batch_size;
  const Matrix<T> X_all = rounded<T>(run.data.X), Y_all = rounded<T>(run.data.Y);
  const std::size_t trained = options.keep_incomplete_batch ? samples : samples / batch_size * batch_size;
  std::vector<std::size_t> order(samples);
  std::vector<double> losses(ceil_div(trained, batch_size));
  ThreadPool pool(options.threads);
  std::vector<std::unique_ptr<Worker<T>>> workers;
  for (std::size_t n = 0; n < pool.threads(); ++n) workers.push_back(std::make_unique<Worker<T>>(run));

  TrainingTrace trace;
  trace.threads = pool.threads();
  for (Epochs<T> epochs(run, trace); epochs.more();) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    run.stream.shuffle(order);
    train_epoch(pool, workers, X_all, Y_all, std::span<const std::size_t>(order).first(trained), batch_size,
                epochs, losses);
    for (const double loss : losses) require_finite(loss, epochs.number(), options.learning_rate);
    if (epochs.interrupted()) break;
    trace.samples_trained += trained;
    const std::size_t last = trained - (losses.size() - 1) * batch_size;
    epochs.finish(losses.back() / static_cast<double>(last),
                  std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(trained));
  }
  if (options.hogwild_form == HogwildForm::strict) {
    trace.lost_updates = 0;
    for (const auto& worker : workers) *trace.lost_updates += worker->lost_updates();
  }
  return trace;
}

template TrainingTrace train_hogwild(const TrainingRun<float>&);
template TrainingTrace train_hogwild(const TrainingRun<double>&);

}  // namespace mlpbench
