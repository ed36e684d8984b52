#include "core/backend.h"

#include <cmath>
#include <limits>

#include "core/optimisers/rule_ranges.h"

namespace mlpbench {
namespace {

/// The loss of a step that was not finished.
constexpr double kAbandoned = std::numeric_limits<double>::quiet_NaN();

}  // namespace

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
void Backend<T>::update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
                        MatrixView<T> state) const noexcept {
  update_elements(rule, theta, gradient, state);
}

template <typename T>
void Backend<T>::accumulate(std::span<T> sum, std::span<const T> addend) const noexcept {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += addend[i];
}

/// The outputs of the last layer, with or without dropout of the others.
template <typename T>
MatrixView<const T> Backend<T>::forward_pass(const NetworkSpec& network, const Parameters<T>& theta,
                                             MatrixView<const T> X, Workspace<T>& workspace,
                                             bool drops) const noexcept {
  const std::size_t samples = X.cols;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    dense_forward(theta.W(l), theta.b(l), X, network.layers[l].activation, workspace.A(l, samples),
                  workspace.scratch(), workspace.Z(l, samples));
    if (drops) workspace.activations().drop(network, l, 0, samples, workspace.place());
    X = drops ? workspace.passed(l, samples) : workspace.A(l, samples);
  }
  return X;
}

template <typename T>
MatrixView<const T> Backend<T>::predict(const NetworkSpec& network, const Parameters<T>& theta,
                                        MatrixView<const T> X, Workspace<T>& workspace) const noexcept {
  return forward_pass(network, theta, X, workspace, false);
}

template <typename T>
double Backend<T>::chunk_gradients(const NetworkSpec& network, const Parameters<T>& theta,
                                   MatrixView<const T> X, MatrixView<const T> Y, T gradient_scale,
                                   Parameters<T>& gradient, Workspace<T>& workspace) const noexcept {
  const std::size_t samples = X.cols, last = network.layers.size() - 1;
  const std::span<T> scratch = workspace.scratch();
  const bool drops = workspace.activations().drops();
  const MatrixView<const T> output = forward_pass(network, theta, X, workspace, drops);
  if (workspace.interrupted()) return kAbandoned;
  const double loss = output_delta(network.loss, network.layers[last].activation, output, Y,
                                   workspace.dZ(last, samples), workspace.Z(last, samples));
  for (std::size_t l = last + 1; l-- > 0;) {
    const MatrixView<const T> dZ = workspace.dZ(l, samples);
    const MatrixView<const T> input = l == 0 ? X : workspace.passed(l - 1, samples);
    weight_gradient(dZ, input, gradient_scale, gradient.W(l), gradient.b(l), scratch);
    workspace.layer_is_done(l);
    if (workspace.interrupted()) return kAbandoned;
    if (l > 0) {
      input_delta(theta.W(l), dZ, workspace.saved(l - 1, samples), network.layers[l - 1].activation,
                  workspace.dZ(l - 1, samples), scratch);
      if (drops) workspace.activations().drop_delta(l - 1, 0, samples);
    }
  }
  return loss;
}

template <typename T>
double Backend<T>::gradients(const NetworkSpec& network, const Parameters<T>& theta, MatrixView<const T> X,
                             MatrixView<const T> Y, T gradient_scale,
                             Workspace<T>& workspace) const noexcept {
  if (X.cols <= workspace.chunk()) {  // the divisions below would be a tenth of the smallest steps
    return chunk_gradients(network, theta, X, Y, gradient_scale, workspace.gradients(), workspace);
  }
  const Chunks chunks(network, X.cols);
  const DropoutPlace place = workspace.place();
  double loss = 0.0;
  for (std::size_t c = 0; c < chunks.count(); ++c) {
    Parameters<T>& gradient = c == 0 ? workspace.gradients() : workspace.chunk_gradients();
    workspace.set_place(place.from(chunks.first(c)));
    loss += chunk_gradients(network, theta, chunks.part(X, c), chunks.part(Y, c), gradient_scale, gradient,
                            workspace);
    if (workspace.interrupted()) return kAbandoned;
    if (c > 0) accumulate(workspace.gradients().all(), gradient.all());
  }
  workspace.set_place(place);
  return loss;
}

template <typename T>
double Backend<T>::step(const NetworkSpec& network, Parameters<T>& theta, MatrixView<const T> X,
                        MatrixView<const T> Y, const OptimiserStep<T>& optimiser, T gradient_scale,
                        Workspace<T>& workspace) const noexcept {
  const double loss = gradients(network, theta, X, Y, gradient_scale, workspace);
  if (!(std::isnan(loss) && workspace.interrupted())) update_all(optimiser, theta, workspace.gradients());
  return loss;
}

template <typename T>
void Backend<T>::update_range(const OptimiserStep<T>& step, Parameters<T>& theta,
                              const Parameters<T>& gradient, std::size_t first,
                              std::size_t count) const noexcept {
  const auto part = [&](const UpdateRule<T>& rule, std::size_t begin, std::size_t size) {
    update(rule, theta.all().subspan(begin, size), gradient.all().subspan(begin, size),
           step.state_of(begin, size));
  };
  for_each_rule(step.rule, theta, first, count, part);
}

template <typename T>
Activations<T>::Activations(const NetworkSpec& network, std::size_t samples) {
  for (const LayerSpec& layer : network.layers) {
    A_.push_back(Matrix<T>::padded(layer.units, samples));
    dZ_.push_back(Matrix<T>::padded(layer.units, samples));
    Z_.push_back(info(layer.activation).needs_z ? Matrix<T>::padded(layer.units, samples) : Matrix<T>());
    masks_.push_back(layer.dropout != 0.0 ? Matrix<T>::padded(layer.units, samples) : Matrix<T>());
    passed_.push_back(masks_.back());
    drops_ = drops_ || layer.dropout != 0.0;
  }
}

template <typename T>
void Activations<T>::drop(const NetworkSpec& network, std::size_t l, std::size_t first, std::size_t count,
                          const DropoutPlace& place) noexcept {
  if (masks_[l].rows() == 0) return;
  const MatrixView<T> masks = masks_[l].view().columns(first, count);
  draw_masks(network.layers[l].dropout, l, place, masks);
  multiply_by_masks<T>(A_[l].view().columns(first, count), masks, passed_[l].view().columns(first, count));
}

template <typename T>
void Activations<T>::drop_delta(std::size_t l, std::size_t first, std::size_t count) noexcept {
  if (masks_[l].rows() == 0) return;
  const MatrixView<T> dZ = dZ_[l].view().columns(first, count);
  multiply_by_masks<T>(dZ, masks_[l].view().columns(first, count), dZ);
}

template <typename T>
std::size_t Activations<T>::bytes() const noexcept {
  std::size_t elements = 0;
  for (const std::vector<Matrix<T>>* kept : {&A_, &dZ_, &Z_, &masks_, &passed_}) {
    for (const Matrix<T>& matrix : *kept) elements += matrix.rows() * matrix.view().stride;
  }
  return elements * sizeof(T);
}

template <typename T>
Workspace<T>::Workspace(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch,
                        const std::atomic<bool>* interrupt)
    : batch_(batch),
      chunk_(std::min(batch, Chunks::most_samples(network))),
      interrupt_(interrupt),
      activations_(network, chunk_),
      gradients_(network),
      chunk_gradients_(batch > chunk_ ? Parameters<T>(network) : Parameters<T>()),
      scratch_(backend.scratch_size(network, chunk_)) {}

template <typename T>
std::size_t Workspace<T>::bytes() const noexcept {
  return activations_.bytes() +
         (gradients_.all().size() + chunk_gradients_.all().size() + scratch_.size()) * sizeof(T);
}

template class Backend<float>;
template class Backend<double>;
template class Activations<float>;
template class Activations<double>;
template class Workspace<float>;
template class Workspace<double>;

}  // namespace mlpbench
