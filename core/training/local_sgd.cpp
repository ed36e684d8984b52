#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "core/training/batches.h"
#include "core/training/epochs.h"
#include "core/training/step_ranks.h"
#include "core/training/thread_pool.h"
#include "core/training/worker_tree.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// Parameters that one task averages.
constexpr std::size_t kAveraged = 4096;

/// One logical worker: weights and an optimiser of its own, and what a step needs.
template <typename T>
struct LocalWorker {
  Parameters<T> theta;
  Optimiser<T> optimiser;
  BatchGradients<T> gradients;

  LocalWorker(const TrainingRun<T>& run, const Batches<T>& steps)
      : theta(run.theta), optimiser(steps.optimiser(run)), gradients(run) {}
};

/// Ranks have a range of the workers each.
template <typename T>
class LocalSgd {
 public:
  explicit LocalSgd(const TrainingRun<T>& run)
      : run_(run),
        ranks_{run.options.ranks},
        own_(range_of_rank(run.options.workers, ranks_.rank(), ranks_.size())),
        steps_(run, run.options.workers),
        average_(run.backend, ranks_, run.options.workers),
        pool_(run.options.threads) {
    for (std::size_t k = 0; k < own_.count; ++k)
      workers_.push_back(std::make_unique<LocalWorker<T>>(run, steps_));
    losses_.resize(steps_.count() * run.options.workers);
    for (const auto& worker : workers_) thetas_.push_back(worker->theta.all().data());
  }

  TrainingTrace train() {
    TrainingTrace trace;
    trace.ranks = std::min(ranks_.size(), run_.options.workers);
    trace.threads = std::min(pool_.threads(), ceil_div(run_.options.workers, ranks_.size()));
    keeps_ = run_.options.checkpoints != nullptr;
    if (!ranks_.alone()) ranks_.all->broadcast(bytes_of(keeps_));
    Epochs<T> epochs(run_, trace, [this](const StateVisitor& visit) { visit_state(visit); });
    // Between two epochs the workers' weights are those of the run, which may be a checkpoint's.
    for (const auto& worker : workers_) worker->theta.assign(run_.theta);
    for (; epochs.more(); epochs.finish()) {
      steps_.shuffle();
      const std::size_t local = epochs.number() < run_.options.sync_epochs ? 1 : run_.options.local_steps;
      for (std::size_t step = 0; step < steps_.count(); step += local) {
        const std::size_t end = std::min(step + local, steps_.count());
        take_steps(step, end, epochs);
        share_losses(step, end, epochs);
        average();
        if (epochs.interrupted()) return trace;
        for (std::size_t s = step; s < end; ++s) epochs.add(loss_of(s), steps_.size(s));
      }
      if (keeps_) collect_optimisers();
    }
    return trace;
  }

 private:
  /// The optimiser of worker k, of another rank: on the first rank as collect_optimisers() left it, elsewhere
  /// one that nobody needs.
  Optimiser<T>& others_optimiser(std::size_t k) {
    const std::size_t place = ranks_.rank() == 0 ? k - own_.count : 0;
    while (others_.size() <= place) others_.push_back(std::make_unique<Optimiser<T>>(steps_.optimiser(run_)));
    return *others_[place];
  }

  Optimiser<T>& optimiser(std::size_t k) {
    const bool is_own = k >= own_.first && k < own_.first + own_.count;
    return is_own ? workers_[k - own_.first]->optimiser : others_optimiser(k);
  }

  void visit_state(const StateVisitor& visit) {
    steps_.visit_state(visit);
    for (std::size_t k = 0; k < run_.options.workers; ++k) {
      const std::string of_worker = "workers/" + std::to_string(k) + "/";
      optimiser(k).visit_state([&](std::string_view name, std::span<std::byte> bytes) {
        visit(of_worker + std::string(name), bytes);
      });
    }
  }

  /// Gives the first rank, which keeps checkpoints, all optimisers.
  void collect_optimisers() {
    for (std::size_t r = 1; r < ranks_.size(); ++r) {
      const IndexRange workers = range_of_rank(run_.options.workers, r, ranks_.size());
      if (ranks_.rank() != 0 && ranks_.rank() != r) continue;
      for (std::size_t k = workers.first; k < workers.first + workers.count; ++k) {
        optimiser(k).visit_state([&](std::string_view, std::span<std::byte> bytes) {
          ranks_.all->wait(ranks_.rank() == 0 ? ranks_.all->receive(bytes, r) : ranks_.all->send(bytes, 0));
        });
      }
    }
  }

  /// The samples of a step that are worker k's: the k-th batch of full ones, else an even share.
  std::span<const std::uint32_t> share(std::size_t step, std::size_t k) const noexcept {
    const std::span<const std::uint32_t> samples = steps_.samples(step);
    const std::size_t workers = run_.options.workers, first = k * samples.size() / workers;
    return samples.subspan(first, (k + 1) * samples.size() / workers - first);
  }

  /// This rank's workers from `step` to `end`, each on its own.
  void take_steps(std::size_t step, std::size_t end, const Epochs<T>& epochs) {
    pool_.for_each(own_.count, [&](std::size_t n, std::size_t) {
      const std::size_t k = own_.first + n;
      for (std::size_t s = step; s < end && !epochs.interrupt_set(); ++s) {
        loss(s, k) = take_step(*workers_[n], epochs.number(), share(s, k));
      }
    });
  }

  /// Gives all ranks the losses of these steps, and whether one of them was interrupted.
  void share_losses(std::size_t step, std::size_t end, const Epochs<T>& epochs) {
    if (ranks_.alone()) return;
    const std::size_t size = ranks_.size(), steps = end - step;
    const auto workers_of = [&](std::size_t r) { return range_of_rank(run_.options.workers, r, size); };
    const auto part_of = [&](std::size_t r) {
      return shared_.data() + first_of_rank(run_.options.workers, r, size) * steps + r;
    };
    shared_.resize(run_.options.workers * steps + size);
    ends_.clear();
    for (std::size_t r = 0; r < size; ++r)
      ends_.push_back((first_of_rank(run_.options.workers, r + 1, size) * steps + r + 1) * sizeof(double));
    const auto for_each_loss = [&](std::size_t r, auto body) {
      double* next = part_of(r) + 1;
      for (std::size_t n = 0; n < workers_of(r).count; ++n) {
        for (std::size_t s = step; s < end; ++s) body(loss(s, workers_of(r).first + n), *next++);
      }
    };
    *part_of(ranks_.rank()) = epochs.interrupt_set() ? 1.0 : 0.0;
    for_each_loss(ranks_.rank(), [](double own, double& shared) { shared = own; });
    ranks_.all->gather(std::as_writable_bytes(std::span(shared_)), ends_);
    bool stop = false;
    for (std::size_t r = 0; r < size; ++r) {
      stop = *part_of(r) != 0.0 || stop;
      for_each_loss(r, [](double& own, double shared) { own = shared; });
    }
    ranks_.all->set_stopping(stop);
  }

  double take_step(LocalWorker<T>& worker, std::size_t epoch,
                   std::span<const std::uint32_t> samples) noexcept {
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

  double& loss(std::size_t step, std::size_t k) { return losses_[step * run_.options.workers + k]; }

  double loss_of(std::size_t step) const noexcept {
    const std::size_t workers = run_.options.workers;
    const auto first = losses_.begin() + static_cast<std::ptrdiff_t>(step * workers);
    return std::accumulate(first, first + static_cast<std::ptrdiff_t>(workers), 0.0);
  }

  /// Leaves the mean of all workers' weights in run.theta and in each of them.
  void average() {
    const std::size_t size = run_.theta.all().size();
    const auto for_each_part = [&](auto body) {
      pool_.for_each(ceil_div(size, kAveraged), [&](std::size_t task, std::size_t) {
        body(task * kAveraged, std::min(kAveraged, size - task * kAveraged));
      });
    };
    const auto take_mean = [&](std::size_t first, std::size_t count) {
      const std::span<T> mean = run_.theta.all().subspan(first, count);
      for (T* const theta : thetas_) std::copy(mean.begin(), mean.end(), theta + first);
    };
    const T share = T{1} / static_cast<T>(run_.options.workers);
    for_each_part([&](std::size_t first, std::size_t count) {
      average_.add_own(std::span<T* const>(thetas_), first, count);
      if (!ranks_.alone()) return;
      for (std::size_t i = first; i < first + count; ++i) run_.theta.all()[i] = thetas_[0][i] * share;
      take_mean(first, count);
    });
    if (!ranks_.alone()) {
      average_.over_ranks(std::span<T* const>(thetas_), share, run_.theta.all());
      for_each_part(take_mean);
    }
    if (run_.options.local_state == LocalState::reset) {
      for (const auto& worker : workers_) worker->optimiser.reset();
    }
  }

  const TrainingRun<T>& run_;
  StepRanks ranks_;
  IndexRange own_;              ///< the workers of this rank
  Batches<T> steps_;            ///< the samples of all workers' batches
  std::vector<double> losses_;  ///< of a step and worker, before its update: [step * workers + worker]
  std::vector<std::unique_ptr<LocalWorker<T>>> workers_;
  std::vector<T*> thetas_;  ///< of these
  std::vector<std::unique_ptr<Optimiser<T>>> others_;
  bool keeps_ = false;          ///< checkpoints, on the first rank
  std::vector<double> shared_;  ///< by each rank: whether it was interrupted, then losses
  std::vector<std::size_t> ends_;
  WorkerTree<T> average_;
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
