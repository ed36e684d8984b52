#include "core/training/batch.h"
#include "core/training/epoch_clock.h"
#include "core/training/trainer.h"

namespace mlpbench {

template <typename T>
TrainingTrace train_full_batch(const TrainingRun<T>& run) {
  const TrainingOptions& options = run.options;
  const std::size_t samples = run.data.samples();
  Batch<T> batch(run.data.features(), run.data.outputs(), samples);
  transpose_into<T>(run.data.X.view(), batch.X.view());
  transpose_into<T>(run.data.Y.view(), batch.Y.view());
  Workspace<T> workspace(run.backend, run.network, samples);
  const MatrixView<const T> X = batch.X.view(), Y = batch.Y.view();
  const T rate = static_cast<T>(options.learning_rate);
  const T gradient_scale = options.sum_gradients ? T{1} : T{1} / static_cast<T>(samples);

  TrainingTrace trace;
  trace.loss_per_epoch.reserve(options.epochs);
  EpochClock clock(options);
  for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
    const double loss = run.backend.step(run.network, run.theta, X, Y, rate, gradient_scale, workspace) /
                        static_cast<double>(samples);
    require_finite(loss, epoch, options.learning_rate);
    trace.loss_per_epoch.push_back(loss);
    clock.finished(epoch);
  }
  trace.seconds = clock.seconds();
  trace.samples_trained = samples * options.epochs;
  return trace;
}

template TrainingTrace train_full_batch(const TrainingRun<float>&);
template TrainingTrace train_full_batch(const TrainingRun<double>&);

}  // namespace mlpbench
