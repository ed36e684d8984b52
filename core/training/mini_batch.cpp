#include <numeric>

#include "core/training/batch.h"
#include "core/training/epochs.h"
#include "core/training/trainer.h"
#include "support/error.h"

namespace mlpbench {

template <typename T>
void require_batches(const TrainingRun<T>& run, std::size_t batches) {
  const std::size_t size = run.options.batch_size, samples = run.data.samples();
  if (size == 0) throw UserError("--batch-size 0: must be at least 1");
  if (size > samples || (!run.options.keep_incomplete_batch && batches > samples / size)) {
    const std::string times = batches == 1 ? "" : " for " + std::to_string(batches) + " workers";
    throw UserError("--batch-size " + std::to_string(size) + times + ": the training data has " +
                    std::to_string(samples) + " samples");
  }
}

template <typename T>
TrainingTrace train_mini_batch(const TrainingRun<T>& run) {
  require_batches(run);
  const TrainingOptions& options = run.options;
  const std::size_t samples = run.data.samples(), batch_size = options.batch_size;
  const Matrix<T> X_all = rounded<T>(run.data.X), Y_all = rounded<T>(run.data.Y);
  Batch<T> batch(run.data.features(), run.data.outputs(), batch_size);
  Workspace<T> workspace(run.backend, run.network, batch_size);
  const T rate = static_cast<T>(options.learning_rate);
  const std::size_t trained = options.keep_incomplete_batch ? samples : samples / batch_size * batch_size;
  std::vector<std::size_t> order(samples);

  TrainingTrace trace;
  for (Epochs<T> epochs(run, trace); epochs.more();) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    run.stream.shuffle(order);
    double epoch_loss = 0.0, batch_loss = 0.0;
    for (std::size_t first = 0; first < trained; first += batch_size) {
      const std::size_t count = std::min(batch_size, trained - first);
      batch.gather(X_all, Y_all, std::span(order).subspan(first, count));
      const T gradient_scale = options.sum_gradients ? T{1} : T{1} / static_cast<T>(count);
      const double loss = run.backend.step(run.network, run.theta, batch.X.view().columns(0, count),
                                           batch.Y.view().columns(0, count), rate, gradient_scale, workspace);
      require_finite(loss, epochs.number(), options.learning_rate);
      trace.samples_trained += count;
      epoch_loss += loss;
      batch_loss = loss / static_cast<double>(count);
      if (epochs.interrupted()) return trace;
    }
    epochs.finish(batch_loss, epoch_loss / static_cast<double>(trained));
  }
  return trace;
}

template void require_batches(const TrainingRun<float>&, std::size_t);
template void require_batches(const TrainingRun<double>&, std::size_t);
template TrainingTrace train_mini_batch(const TrainingRun<float>&);
template TrainingTrace train_mini_batch(const TrainingRun<double>&);

}  // namespace mlpbench
