#include <numeric>

#include "core/training/batch.h"
#include "core/training/epoch_clock.h"
#include "core/training/trainer.h"

namespace mlpbench {

template <typename T>
TrainingTrace train_mini_batch(const TrainingRun<T>& run) {
  const TrainingOptions& options = run.options;
  const std::size_t samples = run.data.samples(), batch_size = options.batch_size;
  const Matrix<T> X_all = rounded<T>(run.data.X), Y_all = rounded<T>(run.data.Y);
  Batch<T> batch(run.data.features(), run.data.outputs(), batch_size);
  Workspace<T> workspace(run.backend, run.network, batch_size);
  const T rate = static_cast<T>(options.learning_rate);
  const std::size_t trained = options.keep_incomplete_batch ? samples : samples / batch_size * batch_size;
  std::vector<std::size_t> order(samples);

  TrainingTrace trace;
  trace.loss_per_epoch.reserve(options.epochs);
  trace.mean_loss_per_epoch.reserve(options.epochs);
  EpochClock clock(options);
  for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    run.stream.shuffle(order);
    double epoch_loss = 0.0, batch_loss = 0.0;
    for (std::size_t first = 0; first < trained; first += batch_size) {
      const std::size_t count = std::min(batch_size, trained - first);
      batch.gather(X_all, Y_all, std::span(order).subspan(first, count));
      const T gradient_scale = options.sum_gradients ? T{1} : T{1} / static_cast<T>(count);
      const double loss = run.backend.step(run.network, run.theta, batch.X.view().columns(0, count),
                                           batch.Y.view().columns(0, count), rate, gradient_scale, workspace);
      require_finite(loss, epoch, options.learning_rate);
      epoch_loss += loss;
      batch_loss = loss / static_cast<double>(count);
    }
    trace.loss_per_epoch.push_back(batch_loss);
    trace.mean_loss_per_epoch.push_back(epoch_loss / static_cast<double>(trained));
    clock.finished(epoch);
  }
  trace.seconds = clock.seconds();
  trace.samples_trained = trained * options.epochs;
  return trace;
}

template TrainingTrace train_mini_batch(const TrainingRun<float>&);
template TrainingTrace train_mini_batch(const TrainingRun<double>&);

}  // namespace mlpbench
