#include "core/training/batches.h"
#include "core/training/epochs.h"

namespace mlpbench {

template <typename T>
TrainingTrace train_mini_batch(const TrainingRun<T>& run) {
  const SubnormalsScope scope(run.options.subnormals);
  Batches<T> batches(run);
  BatchGradients<T> gradients(run);
  Optimiser<T> optimiser(run.options.optimiser, run.options.learning_rate, run.network);
  const std::size_t parameters = run.theta.all().size();
  TrainingTrace trace;
  for (Epochs<T> epochs(run, trace); epochs.more(); epochs.finish()) {
    batches.shuffle();
    for (std::size_t b = 0; b < batches.count(); ++b) {
      const double loss = gradients(run.theta, batches, batches.samples(b), batches.samples_after(b));
      run.backend.update_range(optimiser.next(), run.theta, gradients.gradients(), 0, parameters);
      epochs.add(loss, batches.size(b));
      if (epochs.interrupted()) return trace;
    }
  }
  return trace;
}

template TrainingTrace train_mini_batch(const TrainingRun<float>&);
template TrainingTrace train_mini_batch(const TrainingRun<double>&);

}  // namespace mlpbench
