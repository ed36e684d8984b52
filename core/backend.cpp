#include "core/backend.h"

namespace mlpbench {

template <typename T>
std::size_t Backend<T>::scratch_size(const NetworkSpec&, std::size_t) const noexcept {
  return 0;
}

template <typename T>
std::size_t Backend<T>::block_scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept {
  std::size_t units = 0;
  for (const LayerSpec& layer : network.layers) units = std::max(units, layer.units);
  return scratch_size(network, batch) + units;
}

template <typename T>
void Backend<T>::weight_gradient_block(MatrixView<const T> dZ, MatrixView<const T> X, T scale,
                                       MatrixView<T> dW, std::span<T> db, Block block,
                                       std::span<T> scratch) const noexcept {
  const std::span<T> unwanted = scratch.first(block.rows);
  weight_gradient(dZ.row_range(block.row, block.rows), X.row_range(block.col, block.cols), scale,
                  dW.row_range(block.row, block.rows).columns(block.col, block.cols),
                  block.col == 0 ? db.subspan(block.row, block.rows) : unwanted, scratch.subspan(block.rows));
}

template <typename T>
MatrixView<const T> Backend<T>::predict(const NetworkSpec& network, const Parameters<T>& theta,
                                        MatrixView<const T> X, Workspace<T>& workspace) const noexcept {
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const MatrixView<T> A = workspace.A(l, X.cols);
    dense_forward(theta.W(l), theta.b(l), X, network.layers[l].activation, A, workspace.scratch());
    X = A;
  }
  return X;
}

template <typename T>
double Backend<T>::gradients(const NetworkSpec& network, const Parameters<T>& theta, MatrixView<const T> X,
                             MatrixView<const T> Y, T gradient_scale,
                             Workspace<T>& workspace) const noexcept {
  const std::size_t batch = X.cols, last = network.layers.size() - 1;
  const std::span<T> scratch = workspace.scratch();
  const MatrixView<const T> output = predict(network, theta, X, workspace);
  const double loss =
      output_delta(network.loss, network.layers[last].activation, output, Y, workspace.dZ(last, batch));
  for (std::size_t l = last + 1; l-- > 0;) {
    const MatrixView<const T> dZ = workspace.dZ(l, batch);
    const MatrixView<const T> input = l == 0 ? X : workspace.A(l - 1, batch);
    Parameters<T>& gradient = workspace.gradients();
    weight_gradient(dZ, input, gradient_scale, gradient.W(l), gradient.b(l), scratch);
    if (l > 0) {
      input_delta(theta.W(l), dZ, input, network.layers[l - 1].activation, workspace.dZ(l - 1, batch),
                  scratch);
    }
  }
  return loss;
}

template <typename T>
double Backend<T>::step(const NetworkSpec& network, Parameters<T>& theta, MatrixView<const T> X,
                        MatrixView<const T> Y, T rate, T gradient_scale,
                        Workspace<T>& workspace) const noexcept {
  const double loss = gradients(network, theta, X, Y, gradient_scale, workspace);
  update(theta.all(), workspace.gradients().all(), rate);
  return loss;
}

template <typename T>
Workspace<T>::Workspace(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch)
    : batch_(batch), gradients_(network), scratch_(backend.scratch_size(network, batch)) {
  for (const LayerSpec& layer : network.layers) {
    A_.push_back(Matrix<T>::padded(layer.units, batch));
    dZ_.push_back(Matrix<T>::padded(layer.units, batch));
  }
}

template <typename T>
std::size_t Workspace<T>::bytes() const noexcept {
  std::size_t elements = gradients_.all().size() + scratch_.size();
  for (std::size_t l = 0; l < A_.size(); ++l) {
    elements += A_[l].rows() * A_[l].view().stride + dZ_[l].rows() * dZ_[l].view().stride;
  }
  return elements * sizeof(T);
}

template class Backend<float>;
template class Backend<double>;
template class Workspace<float>;
template class Workspace<double>;

}  // namespace mlpbench
