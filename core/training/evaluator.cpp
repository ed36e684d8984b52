#include "core/training/evaluator.h"

#include <cmath>
#include <limits>
#include <utility>

#include "core/metrics.h"

namespace mlpbench {
template <typename T>
Evaluator<T>::Evaluator(const Backend<T>& backend, const NetworkSpec& network, const Dataset& data,
                        const std::atomic<bool>* interrupt)
    : backend_(backend),
      network_(network),
      data_(data),
      workspace_(backend, network, std::min(Chunks::most_samples(network), data.samples()), interrupt),
      batch_(data.features(), data.outputs(), workspace_.batch()) {}

template <typename T>
Evaluation Evaluator<T>::operator()(const Parameters<T>& theta, bool with_accuracy) noexcept {
  const std::size_t samples = data_.samples(), last = network_.layers.size() - 1;
  Evaluation total;
  std::size_t right = 0;
  for (std::size_t first = 0; first < samples; first += workspace_.batch()) {
    if (workspace_.interrupted()) return {.loss = std::numeric_limits<double>::quiet_NaN()};
    const std::size_t count = std::min(workspace_.batch(), samples - first);
    const MatrixView<T> X = batch_.X().columns(0, count), Y = batch_.Y().columns(0, count);
    transpose_into<T>(MatrixView<const double>{data_.X.row(first), count, data_.features(), data_.features()},
                      X);
    transpose_into<T>(data_.Y, first, Y);
    const MatrixView<const T> A = backend_.predict(network_, theta, X, workspace_);
    total.loss += backend_.output_delta(network_.loss, network_.layers[last].activation, A, Y,
                                        workspace_.dZ(last, count), workspace_.Z(last, count));
    for (std::size_t n = 0; with_accuracy && n < count; ++n)
      right += class_of(A, n) == data_.Y.class_of(first + n);
  }
  total.loss /= static_cast<double>(samples);
  total.accuracy = static_cast<double>(right) / static_cast<double>(samples);
  return total;
}

template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace mlpbench
