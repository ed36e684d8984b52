#include <numeric>
#include <utility>
#include <vector>

#include "core/training/batch.h"
#include "core/training/epochs.h"
#include "core/training/parallel_step.h"
#include "core/training/parallel_threshold.h"
#include "core/training/trainer.h"

namespace mlpbench {
namespace {

/// The orders of an epoch's samples, the same as RandomState::shuffle() of 0 ... n-1 once an epoch. The next
/// epoch's is drawn piece by piece while this one trains: drawing it takes about 15 ns a sample, which on
/// many threads is more than training on it.
class OrderAhead {
 public:
  OrderAhead(std::size_t samples, RandomState& stream)
      : order_(samples), next_(samples), stream_(stream), left_(samples) {
    std::iota(next_.begin(), next_.end(), std::size_t{0});
  }

  /// The order of the epoch that begins.
  std::span<const std::size_t> take() noexcept {
    draw(left_);
    std::swap(order_, next_);
    std::iota(next_.begin(), next_.end(), std::size_t{0});
    left_ = next_.size();
    return order_;
  }

  /// Some more of the next epoch's order.
  void draw(std::size_t count) noexcept {
    for (; count > 0 && left_ > 1; --count, --left_) {
      std::swap(next_[left_ - 1], next_[static_cast<std::size_t>(stream_.bounded(left_ - 1))]);
    }
  }

 private:
  std::vector<std::size_t> order_, next_;
  RandomState& stream_;
  std::size_t left_;  ///< of next_, those at the front that have not been drawn
};

/// `trace` is empty but for the number of threads.
template <typename T>
void train_shared(const TrainingRun<T>& run, ThreadPool& pool, TrainingTrace& trace) {
  const TrainingOptions& options = run.options;
  const std::size_t samples = run.data.samples(), batch_size = options.batch_size;
  const Matrix<T> X_all = rounded<T>(run.data.X), Y_all = rounded<T>(run.data.Y);
  Batch<T> batch(run.data.features(), run.data.outputs(), batch_size);
  ParallelStep<T> step(run.backend, run.network, batch_size, pool);
  const T rate = static_cast<T>(options.learning_rate);
  const std::size_t trained = options.keep_incomplete_batch ? samples : samples / batch_size * batch_size;
  OrderAhead orders(samples, run.stream);

  for (Epochs<T> epochs(run, trace); epochs.more();) {
    const std::span<const std::size_t> order = orders.take();
    const bool last_epoch = epochs.number() + 1 == options.epochs;  // nothing to draw for
    double epoch_loss = 0.0, batch_loss = 0.0;
    for (std::size_t first = 0; first < trained; first += batch_size) {
      const std::size_t count = std::min(batch_size, trained - first);
      const T gradient_scale = options.sum_gradients ? T{1} : T{1} / static_cast<T>(count);
      const auto gather = [&](std::size_t column, std::size_t columns) {
        batch.gather(X_all, Y_all, order.subspan(first + column, columns), column);
      };
      const auto draw = [&] {
        if (!last_epoch) orders.draw(count);
      };
      const double loss = step(run.theta, batch.X.view().columns(0, count), batch.Y.view().columns(0, count),
                               rate, gradient_scale, gather, draw);
      require_finite(loss, epochs.number(), options.learning_rate);
      trace.samples_trained += count;
      epoch_loss += loss;
      batch_loss = loss / static_cast<double>(count);
      if (epochs.interrupted()) return;
    }
    epochs.finish(batch_loss, epoch_loss / static_cast<double>(trained));
  }
}

}  // namespace

template <typename T>
TrainingTrace train_sync(const TrainingRun<T>& run) {
  require_batches(run);
  if (run.options.threads > 1 || run.options.force_parallel) {
    ThreadPool pool(run.options.threads);
    if (above_parallel_threshold(run, run.options.batch_size, pool)) {
      TrainingTrace trace;
      trace.threads = pool.threads();
      train_shared(run, pool, trace);
      return trace;
    }
  }
  return train_mini_batch(run);
}

template TrainingTrace train_sync(const TrainingRun<float>&);
template TrainingTrace train_sync(const TrainingRun<double>&);

}  // namespace mlpbench
