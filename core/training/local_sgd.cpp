#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "core/training/batches.h"
#include "core/training/epochs.h"
#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// Parameters that one task averages.
constexpr std::size_t kAveraged = 4096;

/// One logical worker: weights and an optimiser of its own, and what a step needs.
template <typename T>
struct Worker {
  Parameters<T> theta;
  Optimiser<T> optimiser;
  BatchGradients<T> gradients;

  Worker(const TrainingRun<T>& run, const Batches<T>& steps)
      : theta(run.theta), optimiser(steps.optimiser(run)), gradients(run) {}
};

template <typename T>
class LocalSgd {
 public:
  explicit LocalSgd(const TrainingRun<T>& run)
      : run_(run), steps_(run, run.options.workers), pool_(run.options.threads) {
    for (std::size_t k = 0; k < run.options.workers; ++k)
      workers_.push_back(std::make_unique<Worker<T>>(run, steps_));
    losses_.resize(steps_.count() * workers_.size());
  }

  TrainingTrace train() {
    TrainingTrace trace;
    trace.threads = std::min(pool_.threads(), workers_.size());
    Epochs<T> epochs(run_, trace, [this](const StateVisitor& visit) { visit_state(visit); });
    // Between two epochs the workers' weights are those of the run, which may be a checkpoint's.
    for (const auto& worker : workers_) worker->theta.assign(run_.theta);
    for (; epochs.more(); epochs.finish()) {
      steps_.shuffle();
      const std::size_t local = epochs.number() < run_.options.sync_epochs ? 1 : run_.options.local_steps;
      for (std::size_t step = 0; step < steps_.count(); step += local) {
        const std::size_t end = std::min(step + local, steps_.count());
        take_steps(step, end, epochs);
        average();
        if (epochs.interrupted()) return trace;
        for (std::size_t s = step; s < end; ++s) epochs.add(loss_of(s), steps_.size(s));
      }
    }
    return trace;
  }

 private:
  void visit_state(const StateVisitor& visit) {
    steps_.visit_state(visit);
    for (std::size_t k = 0; k < workers_.size(); ++k) {
      const std::string of_worker = "workers/" + std::to_string(k) + "/";
      workers_[k]->optimiser.visit_state([&](std::string_view name, std::span<std::byte> bytes) {
        visit(of_worker + std::string(name), bytes);
      });
    }
  }

  /// The samples of a step that are worker k's: the k-th batch of full ones, else an even share.
  std::span<const std::uint32_t> share(std::size_t step, std::size_t k) const noexcept {
    const std::span<const std::uint32_t> samples = steps_.samples(step);
    const std::size_t first = k * samples.size() / workers_.size();
    return samples.subspan(first, (k + 1) * samples.size() / workers_.size() - first);
  }

  /// All workers from `step` to `end`, each on its own.
  void take_steps(std::size_t step, std::size_t end, const Epochs<T>& epochs) {
    pool_.for_each(workers_.size(), [&](std::size_t k, std::size_t) {
      for (std::size_t s = step; s < end && !epochs.interrupt_requested(); ++s) {
        losses_[s * workers_.size() + k] = take_step(*workers_[k], epochs.number(), share(s, k));
      }
    });
  }

  double take_step(Worker<T>& worker, std::size_t epoch, std::span<const std::uint32_t> samples) noexcept {
    if (samples.empty()) {
      worker.optimiser.skip();
      return 0.0;
    }
    const double loss =
        worker.gradients(worker.theta, steps_, epoch, samples) + worker.optimiser.penalty(worker.theta);
    if (worker.gradients.abandoned(loss)) return loss;
    const T scale = run_.options.template gradient_scale<T>(samples.size());
    run_.backend.update_all(worker.optimiser.next(scale), worker.theta, worker.gradients.gradients());
    return loss;
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
    if (run_.options.local_state == LocalState::reset) {
      for (const auto& worker : workers_) worker->optimiser.reset();
    }
  }

  const TrainingRun<T>& run_;
  Batches<T> steps_;            ///< the samples of all workers' batches
  std::vector<double> losses_;  ///< of a step and worker, before its update: [step * workers + worker]
  std::vector<std::unique_ptr<Worker<T>>> workers_;
  ThreadPool pool_;
};

}  // namespace

template <typename T>
TrainingTrace train_local_sgd(const TrainingRun<T>& run) {
  const SubnormalsScope scope(run.options.subnormals);
  if (run.options.workers == 0) throw UserError("--workers 0: must be at least 1");
  if (run.options.local_steps == 0) throw UserError("--local-steps 0: must be at least 1");
  return LocalSgd<T>(run).train();
}

template TrainingTrace train_local_sgd(const TrainingRun<float>&);
template TrainingTrace train_local_sgd(const TrainingRun<double>&);

}  // namespace mlpbench
