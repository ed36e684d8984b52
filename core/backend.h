// Start reading the suite here: this page is the contract between the training and everything that computes.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/chunks.h"
#include "core/dropout.h"
#include "core/matrix.h"
#include "core/network.h"
#include "core/optimisers/optimiser.h"

namespace mlpbench {

template <typename T>
class Workspace;

/// Rows [row, row + rows) and columns [col, col + cols) of a matrix.
struct Block {
  std::size_t row = 0, rows = 0, col = 0, cols = 0;
};

/// The arithmetic of training a multilayer perceptron in precision T (float or double). It has operations at
/// layer granularity and on arrays of parameters. The gradients of a chunk of samples and a whole training
/// step are made of them.
///
/// Symbols and layout. A batch is feature-major: X is (inputs x batch), A and dZ are (units x batch), Y is
/// (outputs x batch). The samples of one row are contiguous. W is (units x inputs), b has `units` elements.
/// Strides are arbitrary (>= cols). Rows that start on a cache line are fastest; alignment changes nothing
/// else.
///
/// Promises of every operation. Single-threaded, noexcept, free of heap allocation. Outputs are overwritten
/// and may hold garbage, NaN included, before the call. Elements outside of a view are neither read nor
/// written. No operands alias unless the operation says so. A dimension may be zero: then outputs that are
/// sums become 0 and empty outputs stay empty. NaN and infinities propagate as in the formulas; nothing is
/// skipped because a factor is zero. The exceptions are libraries whose products allocate, skip factors of
/// zero (as BLAS may), round otherwise on other alignments, or drop NaN: Exceptions in backends/registry.h.
///
/// An object has no state that an operation changes: one instance serves any number of threads.
///
/// Blocks. A backend with `block_invariant` in its registry entry makes one more promise, which parallel
/// training needs. An operation on a part of its outputs leaves the bits there that it leaves on the whole.
/// The parts are
///   dense_forward, input_delta, dZ of output_delta   columns: any range of samples that starts at a multiple
///                                                    of kBlockSamples, of all operands that have samples
///   weight_gradient                                  weight_gradient_block()
///   update, accumulate                               any range of the arrays
/// Each output is then the same sum in the same order, on any thread. The loss that output_delta returns is a
/// sum over the samples of one call, and has these bits on the whole chunk alone.
template <typename T>
class Backend {
 public:
  virtual ~Backend() = default;

  /// A = act(W X + b 1^T), with act as in core/activations. `scratch` holds at least scratch_size()
  /// elements, here and below. Z is empty, or becomes W X + b 1^T (units x batch), which training asks for
  /// where the derivative needs it (ActivationInfo::needs_z).
  virtual void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                             Activation activation, MatrixView<T> A, std::span<T> scratch,
                             MatrixView<T> Z = {}) const noexcept = 0;

  /// Returns the loss of the outputs A against the targets Y (see LossSpec), summed over the batch, not
  /// averaged. Writes dZ (outputs x batch) of the last layer, whose function `activation` is:
  ///   cross-entropies       dZ = A - Y
  ///   mean squared error    dZ = (A - Y) * act'(Z)
  ///   others                core/losses
  /// The derivative is computed from A, or from Z where the activation needs it. dZ may be A itself.
  virtual double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                              MatrixView<const T> Y, MatrixView<T> dZ,
                              MatrixView<const T> Z = {}) const noexcept = 0;

  /// dW = scale * dZ X^T (units x inputs), db = scale * dZ 1 (units). `scale` is 1/batch for a mean, 1 for a
  /// sum.
  virtual void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                               std::span<T> db, std::span<T> scratch) const noexcept = 0;

  /// The part `block` of weight_gradient(): its elements of dW and, where block.col is 0, db of its rows.
  /// The operands are those of the whole, and nothing else of dW and db is written. Blocks that do not
  /// overlap may therefore be computed at the same time. `scratch` holds at least block_scratch_size()
  /// elements. The default calls weight_gradient() on the part. A backend whose order of summation depends
  /// on the shape uses the order of the whole.
  virtual void weight_gradient_block(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                                     std::span<T> db, Block block, std::span<T> scratch) const noexcept;

  /// dZ_prev = (W^T dZ) * act'(Z_prev), (inputs x batch). The derivative is taken from what the forward pass
  /// saved: A_prev = act(Z_prev), or Z_prev where the activation needs it.
  virtual void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                           Activation activation, MatrixView<T> dZ_prev,
                           std::span<T> scratch) const noexcept = 0;

  /// One update of an optimiser (core/optimisers), such as SGD's theta = theta - rate gradient, after its
  /// Regulariser. Sizes are equal; `state` (buffers x size) has no rows where the optimiser keeps none. A
  /// range of the parameters, with the same columns of the state, gets the bits of an update of all. The
  /// default evaluates the formula in T.
  virtual void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
                      MatrixView<T> state) const noexcept;

  /// sum = sum + addend, rounded as any sum of two. Equal sizes.
  virtual void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept;

  /// Elements of scratch that the operations want for layers of this network at up to `batch` samples.
  virtual std::size_t scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept;

  /// The same for weight_gradient_block(), which may need room for a db that is not wanted.
  std::size_t block_scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept;

  /// One chunk of a batch, or the whole of a small one: forward, loss, backward. Writes `gradient`, which
  /// may be workspace.gradients(), and returns the loss summed over the samples. The default composes the
  /// operations. A backend that overrides it leaves the same gradients (with block_invariant: the same
  /// bits), and calls the default for networks with dropout. The masks are those of workspace.place(). X has
  /// network.inputs rows, Y network.outputs() rows and the columns of X, at most workspace.chunk(). It may
  /// return NaN early when workspace.interrupted(), and `gradient` is then undefined. A call that takes
  /// milliseconds need not ask.
  virtual double chunk_gradients(const NetworkSpec& network, const Parameters<T>& theta,
                                 MatrixView<const T> X, MatrixView<const T> Y, T gradient_scale,
                                 Parameters<T>& gradient, Workspace<T>& workspace) const noexcept;

  /// The gradients of one batch of up to workspace.batch() samples into workspace.gradients(): the sum of
  /// those of its Chunks, accumulate()d in their order. `gradient_scale` multiplies the sums (1/batch, or
  /// 1). Returns the loss summed over the batch. Once workspace.interrupted() it ends after the chunk under
  /// way and returns NaN.
  double gradients(const NetworkSpec& network, const Parameters<T>& theta, MatrixView<const T> X,
                   MatrixView<const T> Y, T gradient_scale, Workspace<T>& workspace) const noexcept;

  /// update() of the parameters [first, first + count) of a network, biases without l2 and decay. The
  /// arguments are those of all; a step that clips() is clipped() already.
  void update_range(const OptimiserStep<T>& step, Parameters<T>& theta, const Parameters<T>& gradient,
                    std::size_t first, std::size_t count) const noexcept;

  /// The same of all parameters, clipped() first.
  void update_all(const OptimiserStep<T>& step, Parameters<T>& theta,
                  const Parameters<T>& gradient) const noexcept {
    if (!step.clips() && !step.rule.regulariser.spares_biases())  // a tenth of the smallest steps faster
      return update(step.rule, theta.all(), gradient.all(), step.state);
    const std::size_t size = theta.all().size();
    update_range(step.clips() ? step.clipped(gradient.all()) : step, theta, gradient, 0, size);
  }

  /// One step of training on one batch: gradients() and update_all(). Returns the loss before the update.
  /// One that was interrupted returns NaN and updates nothing.
  double step(const NetworkSpec& network, Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
              const OptimiserStep<T>& optimiser, T gradient_scale, Workspace<T>& workspace) const noexcept;

  /// Outputs A of the last layer for X of at most workspace.chunk() samples: a view into the workspace,
  /// valid until its next use. Nothing is dropped.
  MatrixView<const T> predict(const NetworkSpec& network, const Parameters<T>& theta, MatrixView<const T> X,
                              Workspace<T>& workspace) const noexcept;

 private:
  MatrixView<const T> forward_pass(const NetworkSpec& network, const Parameters<T>& theta,
                                   MatrixView<const T> X, Workspace<T>& workspace, bool drops) const noexcept;
};

/// For some samples, the output and the delta of every layer, and its Z where the derivative needs it. A
/// layer with dropout also has the masks and the masked output.
template <typename T>
class Activations {
 public:
  Activations(const NetworkSpec& network, std::size_t samples);

  /// Output of layer l, (units x count).
  MatrixView<T> A(std::size_t l, std::size_t count) noexcept { return A_[l].view().columns(0, count); }

  /// Derivative of the loss in the pre-activations of layer l, (units x count).
  MatrixView<T> dZ(std::size_t l, std::size_t count) noexcept { return dZ_[l].view().columns(0, count); }

  /// Pre-activations of layer l for the samples [first, first + count), empty where they are not needed.
  MatrixView<T> Z(std::size_t l, std::size_t first, std::size_t count) noexcept {
    return Z_[l].rows() == 0 ? MatrixView<T>{} : Z_[l].view().columns(first, count);
  }

  /// What the derivative of layer l is taken from: Z, or A where there is none.
  MatrixView<T> saved(std::size_t l, std::size_t count) noexcept {
    return (Z_[l].rows() == 0 ? A_ : Z_)[l].view().columns(0, count);
  }

  bool drops() const noexcept { return drops_; }  ///< whether any layer has dropout

  /// Draws the masks of layer l of the network for the samples [first, first + count), whose A is there, and
  /// takes them into passed(). Nothing to do where the layer does not drop.
  void drop(const NetworkSpec& network, std::size_t l, std::size_t first, std::size_t count,
            const DropoutPlace& place) noexcept;

  /// dZ of layer l times the masks of the same samples.
  void drop_delta(std::size_t l, std::size_t first, std::size_t count) noexcept;

  /// What the layer after l reads while it trains: A, or what drop() left of it.
  MatrixView<T> passed(std::size_t l, std::size_t count) noexcept {
    return (passed_[l].rows() == 0 ? A_ : passed_)[l].view().columns(0, count);
  }

  std::size_t bytes() const noexcept;

 private:
  std::vector<Matrix<T>> A_, dZ_, Z_, masks_, passed_;
  bool drops_ = false;
};

/// Everything that a step needs besides the parameters and the batch, planned once: the activations of a
/// chunk, the gradients, and the backend's scratch. One a worker. Its size does not grow with the batch
/// beyond a chunk.
template <typename T>
class Workspace {
 public:
  /// For batches of up to `batch` samples. The only place of a training run that allocates. `interrupt`,
  /// which may be null and never becomes false again, ends what uses the workspace early.
  Workspace(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch,
            const std::atomic<bool>* interrupt = nullptr);

  std::size_t batch() const noexcept { return batch_; }
  std::size_t chunk() const noexcept { return chunk_; }  ///< the most samples that are under way at once

  /// See Activations; count <= chunk().
  MatrixView<T> A(std::size_t l, std::size_t count) noexcept { return activations_.A(l, count); }
  MatrixView<T> dZ(std::size_t l, std::size_t count) noexcept { return activations_.dZ(l, count); }
  MatrixView<T> Z(std::size_t l, std::size_t count) noexcept { return activations_.Z(l, 0, count); }
  MatrixView<T> saved(std::size_t l, std::size_t count) noexcept { return activations_.saved(l, count); }
  MatrixView<T> passed(std::size_t l, std::size_t count) noexcept { return activations_.passed(l, count); }
  Activations<T>& activations() noexcept { return activations_; }

  /// The samples that the next gradients are of, where layers drop.
  void set_place(const DropoutPlace& place) noexcept { place_ = place; }
  const DropoutPlace& place() const noexcept { return place_; }

  Parameters<T>& gradients() noexcept { return gradients_; }

  /// Those of a chunk on their way into gradients(); empty where a batch is one chunk.
  Parameters<T>& chunk_gradients() noexcept { return chunk_gradients_; }

  std::span<T> scratch() noexcept { return scratch_.span(); }

  /// Backend::chunk_gradients() may call it when the gradients of a layer are whole, from the last layer
  /// down.
  void set_layer_done(std::function<void(std::size_t layer)> tell) noexcept { layer_done_ = std::move(tell); }
  void layer_is_done(std::size_t layer) const {
    if (layer_done_) layer_done_(layer);
  }

  /// Whether whoever wants the result has ceased to.
  bool interrupted() const noexcept {
    return interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed);
  }

  /// Bytes of all buffers.
  std::size_t bytes() const noexcept;

 private:
  std::size_t batch_, chunk_;
  const std::atomic<bool>* interrupt_;
  Activations<T> activations_;
  Parameters<T> gradients_, chunk_gradients_;
  AlignedBuffer<T> scratch_;
  DropoutPlace place_;
  std::function<void(std::size_t)> layer_done_;
};

}  // namespace mlpbench
