// What core/backend.h says of blocks: a part of an operation has the bits of the whole, wherever it begins
// and ends. Parallel training rests on it.

#include <algorithm>
#include <array>
#include <cstring>

#include "tests/ops/blocks.h"
#include "tests/ops/checks.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

template <typename T>
bool bitwise_equal(MatrixView<T> a, MatrixView<T> b) {
  for (std::size_t i = 0; i < a.rows; ++i) {
    if (std::memcmp(a.row(i), b.row(i), a.cols * sizeof(T)) != 0) return false;
  }
  return true;
}

/// The operands of one layer and what the whole operations make of them.
template <typename T>
struct Layer {
  const Backend<T>& backend;
  const Case& layer;
  Matrix<T> W, X, Y, A, dZ, dZ_prev, dW, b, db;
  AlignedBuffer<T> scratch;
  Activation inner;  ///< activation, but for softmax, which has no derivative of its own

  Layer(const Backend<T>& of, const Case& shape)
      : backend(of),
        layer(shape),
        W(shape.units, shape.inputs),
        X(Matrix<T>::padded(shape.inputs, shape.batch)),
        Y(Matrix<T>::padded(shape.units, shape.batch)),
        A(Matrix<T>::padded(shape.units, shape.batch)),
        dZ(Matrix<T>::padded(shape.units, shape.batch)),
        dZ_prev(Matrix<T>::padded(shape.inputs, shape.batch)),
        dW(shape.units, shape.inputs),
        b(1, shape.units),
        db(1, shape.units),
        inner(shape.activation == Activation::softmax ? Activation::identity : shape.activation) {
    std::mt19937 random(shape.seed);
    for (Matrix<T>* operand : {&W, &X, &Y, &b}) fill(operand->view(), Data::real, random);
    NetworkSpec network;
    network.inputs = shape.inputs;
    network.layers = {{shape.units, Activation::identity}};
    scratch = AlignedBuffer<T>(of.block_scratch_size(network, shape.batch));
  }

  void forward(std::size_t first, std::size_t count, MatrixView<T> to) {
    backend.dense_forward(W.view(), {b.row(0), layer.units}, X.view().columns(first, count), layer.activation,
                          to.columns(first, count), scratch.span());
  }
  void delta(std::size_t first, std::size_t count, MatrixView<T> to) {
    backend.output_delta({Loss::mean_squared_error, 0.0}, inner, A.view().columns(first, count),
                         Y.view().columns(first, count), to.columns(first, count));
  }
  void input_delta(std::size_t first, std::size_t count, MatrixView<T> to) {
    backend.input_delta(W.view(), dZ.view().columns(first, count), X.view().columns(first, count), inner,
                        to.columns(first, count), scratch.span());
  }
  void gradient(Block block, MatrixView<T> to_W, MatrixView<T> to_b) {
    backend.weight_gradient_block(dZ.view(), X.view(), T(0.1), to_W, {to_b.row(0), layer.units}, block,
                                  scratch.span());
  }
};

/// Blocks of samples that are `width` wide.
template <typename T>
void check_samples(Findings& findings, Layer<T>& whole, std::size_t width) {
  const std::size_t batch = whole.layer.batch;
  Matrix<T> A = Matrix<T>::padded(whole.layer.units, batch), dZ = A,
            dZ_prev = Matrix<T>::padded(whole.layer.inputs, batch);
  for (std::size_t first = 0; first < batch; first += width) {
    const std::size_t count = std::min(width, batch - first);
    whole.forward(first, count, A.view());
    whole.delta(first, count, dZ.view());
    whole.input_delta(first, count, dZ_prev.view());
  }
  const std::string where = to_string(whole.layer) + " in blocks of " + std::to_string(width) + " samples";
  const auto compare = [&](const char* operation, Matrix<T>& part, Matrix<T>& all) {
    if (!bitwise_equal(part.view(), all.view()))
      findings.add(operation, where, "other bits than on the whole batch");
  };
  compare("dense_forward", A, whole.A);
  compare("output_delta", dZ, whole.dZ);
  compare("input_delta", dZ_prev, whole.dZ_prev);
}

/// dW in blocks of `rows` by `cols`.
template <typename T>
void check_weights(Findings& findings, Layer<T>& whole, std::size_t rows, std::size_t cols) {
  const std::size_t units = whole.layer.units, inputs = whole.layer.inputs;
  Matrix<T> dW(units, inputs), db(1, units);
  std::fill_n(dW.row(0), units * inputs, std::numeric_limits<T>::quiet_NaN());
  std::fill_n(db.row(0), units, std::numeric_limits<T>::quiet_NaN());
  for (std::size_t u = 0; u < units; u += rows) {
    for (std::size_t i = 0; i < inputs; i += cols) {
      whole.gradient({u, std::min(rows, units - u), i, std::min(cols, inputs - i)}, dW.view(), db.view());
    }
  }
  const std::string where =
      to_string(whole.layer) + " in blocks of " + std::to_string(rows) + " x " + std::to_string(cols);
  if (!bitwise_equal(dW.view(), whole.dW.view()))
    findings.add("weight_gradient_block", where, "another dW than the whole");
  if (!bitwise_equal(db.view(), whole.db.view()))
    findings.add("weight_gradient_block", where, "another db than the whole");
}

/// A block in the middle, whose surroundings must stay as they were.
template <typename T>
void check_surroundings(Findings& findings, Layer<T>& whole) {
  const std::size_t units = whole.layer.units, inputs = whole.layer.inputs;
  if (units < 3 || inputs < 3) return;
  Matrix<T> dW(units, inputs), db(1, units);
  whole.gradient({1, units - 2, 1, inputs - 2}, dW.view(), db.view());
  bool outside_written = false;
  for (std::size_t u = 0; u < units; ++u) {
    outside_written |= db(0, u) != T{0};
    for (std::size_t i = 0; i < inputs; ++i) {
      const bool inside = u > 0 && u + 1 < units && i > 0 && i + 1 < inputs;
      outside_written |= !inside && dW(u, i) != T{0};
    }
  }
  if (outside_written) findings.add("weight_gradient_block", whole.layer, "writes outside of its block");
}

template <typename T>
void check_parts_of_update(Findings& findings, const Backend<T>& backend) {
  constexpr std::size_t kSize = 1000;
  Matrix<T> theta(1, kSize), gradient(1, kSize);
  std::mt19937 random(5);
  fill(theta.view(), Data::real, random);
  fill(gradient.view(), Data::real, random);
  Matrix<T> whole = theta;
  const UpdateRule<T> rule = sgd_rule<T>(0.1);
  backend.update(rule, {whole.row(0), kSize}, {gradient.row(0), kSize}, {});
  for (const std::size_t width : Sizes{1, 3, 16, 17, 256, 999}) {
    Matrix<T> parts = theta;
    for (std::size_t first = 0; first < kSize; first += width) {
      const std::size_t count = std::min(width, kSize - first);
      backend.update(rule, {parts.row(0) + first, count}, {gradient.row(0) + first, count}, {});
    }
    if (!bitwise_equal(parts.view(), whole.view())) {
      findings.add("update", "parts of " + std::to_string(width), "other bits than on the whole");
    }
  }
}

/// Small ones, the layers of the experiments, and wide ones for which kernels copy or transpose operands.
std::vector<Case> layers() {
  std::vector<Case> result;
  std::uint32_t seed = 0;
  using Shapes = std::initializer_list<std::array<std::size_t, 3>>;
  for (const auto& [units, inputs, batch] : Shapes{{1, 1, 1},
                                                   {1, 4, 33},
                                                   {4, 2, 32},
                                                   {10, 30, 455},
                                                   {64, 28, 1024},
                                                   {64, 64, 200},
                                                   {10, 64, 32},
                                                   {33, 65, 100},
                                                   {40, 784, 256},
                                                   {130, 300, 70},
                                                   {512, 130, 48},
                                                   {7, 1000, 17}}) {
    const Activation activation = all_activations()[seed % all_activations().size()];
    result.push_back({units, inputs, batch, activation, Placement{}, Data::real, ++seed});
  }
  return result;
}

}  // namespace

template <typename T>
std::vector<std::string> block_failures(const Backend<T>& backend, std::size_t limit) {
  Findings findings(limit);
  check_parts_of_update(findings, backend);
  for (const Case& layer : layers()) {
    if (findings.full()) break;
    Layer<T> whole(backend, layer);
    whole.forward(0, layer.batch, whole.A.view());
    whole.delta(0, layer.batch, whole.dZ.view());
    whole.input_delta(0, layer.batch, whole.dZ_prev.view());
    whole.backend.weight_gradient(whole.dZ.view(), whole.X.view(), T(0.1), whole.dW.view(),
                                  {whole.db.row(0), layer.units}, whole.scratch.span());
    for (const std::size_t width : {kBlockSamples, 3 * kBlockSamples, 8 * kBlockSamples}) {
      check_samples(findings, whole, width);
    }
    for (const std::size_t rows : {std::size_t{1}, std::size_t{5}, std::size_t{16}, layer.units}) {
      for (const std::size_t cols : {std::size_t{7}, std::size_t{16}, std::size_t{112}, layer.inputs}) {
        if (layer.units * layer.inputs < 20'000 || rows * cols >= 500)
          check_weights(findings, whole, rows, cols);
      }
    }
    check_surroundings(findings, whole);
  }
  return findings.take();
}

template std::vector<std::string> block_failures(const Backend<float>&, std::size_t);
template std::vector<std::string> block_failures(const Backend<double>&, std::size_t);

}  // namespace mlpbench::test
