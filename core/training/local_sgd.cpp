#include <memory>
#include <numeric>
#include <vector>

#include "core/training/batch.h"
#include "core/training/epochs.h"
#include "core/training/thread_pool.h"
#include "core/training/trainer.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// Parameters that one task averages.
constexpr std::size_t kAveraged = 4096;

/// One logical worker: weights of its own and what a step needs.
template <typename T>
struct Worker {
  Parameters<T> theta;
  Batch<T> batch;
  Workspace<T> workspace;

  explicit Worker(const TrainingRun<T>& run)
      : theta(run.theta),
        batch(run.data.features(), run.data.outputs(), run.options.batch_size),
        workspace(run.backend, run.network, run.options.batch_size) {}
};

/// Which samples of an epoch's order are whose: step s takes the next K batches, worker k the k-th of them.
struct Schedule {
  std::size_t workers, batch, full_steps, rest;

  Schedule(const TrainingOptions& options, std::size_t samples)
      : workers(options.workers),
        batch(options.batch_size),
        full_steps(samples / (workers * batch)),
        rest(options.keep_incomplete_batch ? samples % (workers * batch) : 0) {}

  std::size_t steps() const noexcept { return full_steps + (rest > 0 ? 1 : 0); }
  std::size_t trained() const noexcept { return full_steps * workers * batch + rest; }

  /// Samples of all workers in `step`.
  std::size_t size(std::size_t step) const noexcept { return step < full_steps ? workers * batch : rest; }

  std::span<const std::size_t> share(std::span<const std::size_t> order, std::size_t step,
                                     std::size_t worker) const noexcept {
    const std::size_t start = step * workers * batch;
    if (step < full_steps) return order.subspan(start + worker * batch, batch);
    const std::size_t first = worker * rest / workers, end = (worker + 1) * rest / workers;
    return order.subspan(start + first, end - first);
  }
};

template <typename T>
class LocalSgd {
 public:
  explicit LocalSgd(const TrainingRun<T>& run)
      : run_(run),
        schedule_(run.options, run.data.samples()),
        X_all_(rounded<T>(run.data.X)),
        Y_all_(rounded<T>(run.data.Y)),
        order_(run.data.samples()),
        losses_(schedule_.steps() * schedule_.workers),
        pool_(run.options.threads) {
    for (std::size_t k = 0; k < schedule_.workers; ++k) workers_.push_back(std::make_unique<Worker<T>>(run));
  }

  TrainingTrace train() {
    TrainingTrace trace;
    trace.threads = std::min(pool_.threads(), schedule_.workers);
    for (Epochs<T> epochs(run_, trace); epochs.more();) {
      std::iota(order_.begin(), order_.end(), std::size_t{0});
      run_.stream.shuffle(order_);
      const std::size_t local = epochs.number() < run_.options.sync_epochs ? 1 : run_.options.local_steps;
      double epoch_loss = 0.0, step_loss = 0.0;
      for (std::size_t step = 0; step < schedule_.steps(); step += local) {
        const std::size_t end = std::min(step + local, schedule_.steps());
        take_steps(step, end, epochs);
        average();
        if (epochs.interrupted()) return trace;
        for (std::size_t s = step; s < end; ++s) {
          step_loss = loss_of(s);
          require_finite(step_loss, epochs.number(), run_.options.learning_rate);
          epoch_loss += step_loss;
          trace.samples_trained += schedule_.size(s);
        }
      }
      epochs.finish(step_loss / static_cast<double>(schedule_.size(schedule_.steps() - 1)),
                    epoch_loss / static_cast<double>(schedule_.trained()));
    }
    return trace;
  }

 private:
  /// All workers from `step` to `end`, each on its own.
  void take_steps(std::size_t step, std::size_t end, const Epochs<T>& epochs) {
    pool_.for_each(workers_.size(), [&](std::size_t k, std::size_t) {
      for (std::size_t s = step; s < end && !epochs.interrupt_requested(); ++s) {
        losses_[s * workers_.size() + k] = take_step(*workers_[k], schedule_.share(order_, s, k));
      }
    });
  }

  double take_step(Worker<T>& worker, std::span<const std::size_t> samples) noexcept {
    const std::size_t count = samples.size();
    if (count == 0) return 0.0;
    worker.batch.gather(X_all_, Y_all_, samples);
    const T scale = run_.options.sum_gradients ? T{1} : T{1} / static_cast<T>(count);
    return run_.backend.step(run_.network, worker.theta, worker.batch.X.view().columns(0, count),
                             worker.batch.Y.view().columns(0, count),
                             static_cast<T>(run_.options.learning_rate), scale, worker.workspace);
  }

  double loss_of(std::size_t step) const noexcept {
    const auto first = losses_.begin() + static_cast<std::ptrdiff_t>(step * workers_.size());
    return std::accumulate(first, first + static_cast<std::ptrdiff_t>(workers_.size()), 0.0);
  }

  /// Leaves the mean of all workers' weights in run.theta and in each of them. The tree: worker k takes k +
  /// 1, then k + 2, k + 4, ... in, whichever thread does it.
  void average() {
    const std::size_t size = run_.theta.all().size();
    pool_.for_each(ceil_div(size, kAveraged), [&](std::size_t task, std::size_t) {
      const std::size_t first = task * kAveraged, count = std::min(kAveraged, size - first);
      const auto part = [&](std::size_t k) { return workers_[k]->theta.all().subspan(first, count); };
      for (std::size_t apart = 1; apart < workers_.size(); apart *= 2) {
        for (std::size_t k = 0; k + apart < workers_.size(); k += 2 * apart) {
          const std::span<T> sum = part(k), other = part(k + apart);
          for (std::size_t i = 0; i < count; ++i) sum[i] += other[i];
        }
      }
      const std::span<T> mean = run_.theta.all().subspan(first, count), sum = part(0);
      const T share = T{1} / static_cast<T>(workers_.size());
      for (std::size_t i = 0; i < count; ++i) mean[i] = sum[i] * share;
      for (std::size_t k = 0; k < workers_.size(); ++k) std::copy(mean.begin(), mean.end(), part(k).begin());
    });
  }

  const TrainingRun<T>& run_;
  Schedule schedule_;
  Matrix<T> X_all_, Y_all_;
  std::vector<std::size_t> order_;
  std::vector<double> losses_;  ///< of a step and worker, before its update: [step * workers + worker]
  std::vector<std::unique_ptr<Worker<T>>> workers_;
  ThreadPool pool_;
};

}  // namespace

template <typename T>
TrainingTrace train_local_sgd(const TrainingRun<T>& run) {
  if (run.options.workers == 0) throw UserError("--workers 0: must be at least 1");
  if (run.options.local_steps == 0) throw UserError("--local-steps 0: must be at least 1");
  require_batches(run, run.options.workers);
  return LocalSgd<T>(run).train();
}

template TrainingTrace train_local_sgd(const TrainingRun<float>&);
template TrainingTrace train_local_sgd(const TrainingRun<double>&);

}  // namespace mlpbench
