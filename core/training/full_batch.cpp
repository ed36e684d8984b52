#include "core/training/batch.h"
#include "core/training/epochs.h"
#include "core/training/parallel_step.h"
#include "core/training/parallel_threshold.h"
#include "core/training/rank_results.h"
#include "core/training/trainer.h"

namespace mlpbench {
namespace {

/// `step` takes the place of the masks, theta, X, Y, the optimiser's step and the scale; it returns the loss.
template <typename T, typename Step>
void train_with(const TrainingRun<T>& run, Batch<T>& batch, TrainingTrace& trace, Step step) {
  const std::size_t samples = run.samples();
  const MatrixView<const T> X = batch.X(), Y = batch.Y();
  const T scale = run.options.template gradient_scale<T>(samples);
  Optimiser<T> optimiser(run.options.optimiser, run.options.learning_rate, run.network,
                         {run.options.epochs, 1, samples});
  const auto state = [&](const StateVisitor& visit) { optimiser.visit_state(visit); };
  for (Epochs<T> epochs(run, trace, state, true); epochs.more();) {
    const double penalty = optimiser.penalty(run.theta);
    DropoutPlace place = run.options.place(epochs.number());
    if (run.shards) place.row = static_cast<std::uint32_t>(run.shards.own_of(samples).first);
    const double loss = step(place, run.theta, X, Y, optimiser.next(scale), scale) + penalty;
    if (epochs.abandoned(loss)) return;
    epochs.add(loss, samples);
    epochs.finish();
    if (epochs.more() && epochs.interrupted()) return;
  }
}

}  // namespace

template <typename T>
TrainingTrace train_full_batch(const TrainingRun<T>& run) {
  const SubnormalsScope scope(run.options.subnormals);
  const std::size_t samples = run.data.samples();
  const bool shares = ranks_share_steps(run, run.samples());
  if (run.options.ranks != nullptr && !shares) return train_on_first_rank(run, train_full_batch<T>);
  Batch<T> batch(run.data.features(), run.data.outputs(), samples);
  transpose_into<T>(run.data.X.view(), batch.X());
  const std::size_t outputs = run.data.outputs();
  for (std::size_t k = 0; k < outputs; ++k) {
    for (std::size_t n = 0; n < samples; ++n)
      batch.Y()(k, n) = static_cast<T>(run.options.smoothed(run.data.Y(n, k), outputs));
  }
  TrainingTrace trace;
  if (shares || run.shards || run.options.threads > 1 || run.options.force_parallel) {
    ThreadPool pool(run.options.threads);
    if (shares || run.shards || above_parallel_threshold(run, samples, pool)) {
      ParallelStep<T> step(run.backend, run.network, run.samples(), pool, run.options.interrupt,
                           {run.options.ranks, run.options.reduction, run.shards});
      trace.threads = pool.threads();
      if (shares) trace.ranks = busy_ranks(run, run.samples());
      train_with(run, batch, trace, [&](const DropoutPlace& place, auto&&... of_step) {
        step.set_place(place);
        return step(
            of_step..., [](std::size_t, std::size_t) {}, [] {});
      });
      return trace;
    }
  }
  Workspace<T> workspace(run.backend, run.network, samples, run.options.interrupt);
  train_with(run, batch, trace, [&](const DropoutPlace& place, auto&&... of_step) {
    workspace.set_place(place);
    return run.backend.step(run.network, of_step..., workspace);
  });
  return trace;
}

template TrainingTrace train_full_batch(const TrainingRun<float>&);
template TrainingTrace train_full_batch(const TrainingRun<double>&);

}  // namespace mlpbench
