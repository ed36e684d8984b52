#include "core/training/batches.h"
#include "core/training/epochs.h"
#include "core/training/parallel_step.h"
#include "core/training/parallel_threshold.h"
#include "core/training/rank_results.h"

namespace mlpbench {
namespace {

/// `trace` is empty but for the number of threads.
template <typename T>
void train_shared(const TrainingRun<T>& run, ThreadPool& pool, TrainingTrace& trace) {
  Batches<T> batches(run);
  const std::size_t most =
      run.shards ? run.shards.own_of(run.options.batch_size).count : run.options.batch_size;
  Batch<T> batch(run.data.features(), run.data.outputs(), most);
  ParallelStep<T> step(run.backend, run.network, run.options.batch_size, pool, run.options.interrupt,
                       {run.options.ranks, run.options.reduction, run.shards});
  Optimiser<T> optimiser = batches.optimiser(run);
  const auto state = [&](const StateVisitor& visit) {
    batches.visit_state(visit);
    optimiser.visit_state(visit);
  };
  for (Epochs<T> epochs(run, trace, state); epochs.more(); epochs.finish()) {
    batches.shuffle();
    const bool last_epoch = epochs.number() + 1 == run.options.epochs;  // nothing to draw for
    for (std::size_t b = 0; b < batches.count(); ++b) {
      const std::size_t count = batches.size(b), own = batches.own_size(b);
      step.set_batch(count);
      const auto gather = [&](std::size_t column, std::size_t columns) {
        batches.gather(batches.samples(b).subspan(column, columns), batch, column);
      };
      const auto draw = [&] {
        if (!last_epoch) batches.draw_ahead(count);
      };
      const T scale = run.options.template gradient_scale<T>(count);
      const double penalty = optimiser.penalty(run.theta);
      DropoutPlace place = run.options.place(epochs.number(), batches.samples(b));
      if (run.shards) place.row = static_cast<std::uint32_t>(run.shards.own_of(run.samples()).first);
      step.set_place(place);
      const double loss = step(run.theta, batch.X().columns(0, own), batch.Y().columns(0, own),
                               optimiser.next(scale), scale, gather, draw);
      if (epochs.abandoned(loss)) return;
      epochs.add(loss + penalty, count);
      if (epochs.interrupted()) return;
    }
  }
}

}  // namespace

template <typename T>
TrainingTrace train_sync(const TrainingRun<T>& run) {
  const SubnormalsScope scope(run.options.subnormals);
  require_batches(run);
  const std::size_t size = run.options.batch_size;
  const bool shares = ranks_share_steps(run, size);
  if (run.options.ranks != nullptr && !shares) return train_on_first_rank(run, train_sync<T>);
  if (shares || run.shards || run.options.threads > 1 || run.options.force_parallel) {
    ThreadPool pool(run.options.threads);
    if (shares || run.shards || above_parallel_threshold(run, size, pool)) {
      TrainingTrace trace;
      trace.threads = pool.threads();
      if (shares) trace.ranks = busy_ranks(run, size);
      train_shared(run, pool, trace);
      return trace;
    }
  }
  return train_mini_batch(run);
}

template TrainingTrace train_sync(const TrainingRun<float>&);
template TrainingTrace train_sync(const TrainingRun<double>&);

}  // namespace mlpbench
