#include <chrono>

#include "core/training/batch.h"
#include "core/training/trainer.h"

namespace mlpbench {

template <typename T>
TrainingTrace predict_epochs(const TrainingRun<T>& run) {
  const SubnormalsScope scope(run.options.subnormals);
  const std::size_t samples = run.data.samples();
  Matrix<T> X = Matrix<T>::padded(run.data.features(), samples);
  transpose_into<T>(run.data.X.view(), X.view());
  const Chunks chunks(run.network, samples);
  Workspace<T> workspace(run.backend, run.network, samples, run.options.interrupt);
  TrainingTrace trace;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t epoch = 0; epoch < run.options.epochs && !trace.interrupted; ++epoch) {
    for (std::size_t c = 0; c < chunks.count() && !workspace.interrupted(); ++c) {
      run.backend.predict(run.network, run.theta, chunks.part<const T>(X.view(), c), workspace);
    }
    trace.interrupted = workspace.interrupted();
    if (!trace.interrupted) trace.samples_trained += samples;
  }
  trace.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return trace;
}

template TrainingTrace predict_epochs(const TrainingRun<float>&);
template TrainingTrace predict_epochs(const TrainingRun<double>&);

}  // namespace mlpbench
