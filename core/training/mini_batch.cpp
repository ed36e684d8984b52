#include "core/training/batches.h"
#include "core/training/epochs.h"

namespace mlpbench {

template <typename T>
TrainingTrace train_mini_batch(const TrainingRun<T>& run) {
  const SubnormalsScope scope(run.options.subnormals);
  Batches<T> batches(run);
  BatchGradients<T> gradients(run);
  Optimiser<T> optimiser = batches.optimiser(run);
  TrainingTrace trace;
  const auto state = [&](const StateVisitor& visit) {
    batches.visit_state(visit);
    optimiser.visit_state(visit);
  };
  for (Epochs<T> epochs(run, trace, state); epochs.more(); epochs.finish()) {
    batches.shuffle();
    for (std::size_t b = 0; b < batches.count(); ++b) {
      const std::size_t count = batches.size(b);
      const double loss =
          gradients(run.theta, batches, epochs.number(), batches.samples(b), batches.samples_after(b)) +
          optimiser.penalty(run.theta);
      if (epochs.abandoned(loss)) return trace;
      run.backend.update_all(optimiser.next(run.options.template gradient_scale<T>(count)), run.theta,
                             gradients.gradients());
      epochs.add(loss, count);
      if (epochs.interrupted()) return trace;
    }
  }
  return trace;
}

template TrainingTrace train_mini_batch(const TrainingRun<float>&);
template TrainingTrace train_mini_batch(const TrainingRun<double>&);

}  // namespace mlpbench
