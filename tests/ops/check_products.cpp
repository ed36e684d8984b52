// The three operations that are products: against the naive backend, on every shape, data and placement.

#include "tests/ops/checks.h"
#include "tests/support/backends.h"

namespace mlpbench::test {
namespace {

template <typename T>
Matrix<T> absolute(MatrixView<const T> matrix) {
  Matrix<T> result(matrix.rows, matrix.cols);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j) result(i, j) = std::abs(matrix(i, j));
  }
  return result;
}

template <typename T>
double largest(const Matrix<T>& matrix) {
  double result = 0.0;
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.cols(); ++j)
      result = std::max(result, static_cast<double>(matrix(i, j)));
  }
  return result;
}

/// The largest sum of absolute values behind W X + b.
template <typename T>
double largest_sum(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X) {
  const Matrix<T> W_abs = absolute(W), X_abs = absolute(X);
  const Matrix<T> b_abs = absolute(MatrixView<const T>{b.data(), 1, b.size(), b.size()});
  Matrix<T> sums(W.rows, X.cols);
  reference_backend<T>().dense_forward(W_abs.view(), std::span(b_abs.row(0), b.size()), X_abs.view(),
                                       Activation::identity, sums.view(), {});
  return largest(sums);
}

/// Functions with an exponential add a few roundings of numbers up to 1, however small the sums are.
double of_values_up_to_one(Activation activation, double largest) {
  const bool exact = activation == Activation::identity || activation == Activation::relu;
  return exact ? largest : std::max(1.0, largest);
}

}  // namespace

template <typename T>
void check_dense_forward(Findings& findings, const Backend<T>& backend, const Case& layer) {
  std::mt19937 random(layer.seed);
  GuardedMatrix<T> W(layer.units, layer.inputs, layer.placement), b(1, layer.units, layer.placement);
  GuardedMatrix<T> X(layer.inputs, layer.batch, layer.placement),
      A(layer.units, layer.batch, layer.placement);
  GuardedMatrix<T> scratch = scratch_for(backend, layer.inputs, layer.units, layer.batch);
  fill(W.view(), layer.data, random);
  fill(b.view(), layer.data, random);
  fill(X.view(), layer.data, random);
  Matrix<T> expected(layer.units, layer.batch);
  reference_backend<T>().dense_forward(W.view(), b.span(), X.view(), layer.activation, expected.view(), {});

  backend.dense_forward(W.view(), b.span(), X.view(), layer.activation, A.view(), scratch.span());

  Tolerance tolerance = Tolerance::exact();
  if (layer.data == Data::real) {
    tolerance.depth = layer.activation == Activation::softmax ? layer.inputs + layer.units : layer.inputs;
    tolerance.largest = of_values_up_to_one(layer.activation, largest_sum<T>(W.view(), b.span(), X.view()));
  }
  const bool zeros_expected = layer.activation == Activation::relu;  // few biases, all negative
  findings.add("dense_forward", layer, disagreement<T>(A.view(), expected.view(), tolerance, zeros_expected));
  findings.intact("dense_forward", layer, W, b, X, A, scratch);
}

template <typename T>
void check_weight_gradient(Findings& findings, const Backend<T>& backend, const Case& layer) {
  std::mt19937 random(layer.seed);
  GuardedMatrix<T> dZ(layer.units, layer.batch, layer.placement),
      X(layer.inputs, layer.batch, layer.placement);
  GuardedMatrix<T> dW(layer.units, layer.inputs, layer.placement), db(1, layer.units, layer.placement);
  GuardedMatrix<T> scratch = scratch_for(backend, layer.inputs, layer.units, layer.batch);
  fill(dZ.view(), layer.data, random);
  fill(X.view(), layer.data, random);
  // A power of two keeps integers exact.
  const T mean =
      layer.data == Data::integer ? T(0.25) : T{1} / static_cast<T>(std::max<std::size_t>(1, layer.batch));
  const T scale = layer.seed % 2 == 0 ? T{1} : mean;
  Matrix<T> dW_expected(layer.units, layer.inputs), db_expected(1, layer.units);
  reference_backend<T>().weight_gradient(dZ.view(), X.view(), scale, dW_expected.view(),
                                         std::span(db_expected.row(0), layer.units), {});

  backend.weight_gradient(dZ.view(), X.view(), scale, dW.view(), db.span(), scratch.span());

  Tolerance tolerance = Tolerance::exact();
  if (layer.data == Data::real) {
    Matrix<T> dW_sums(layer.units, layer.inputs), db_sums(1, layer.units);
    const Matrix<T> dZ_abs = absolute<T>(dZ.view()), X_abs = absolute<T>(X.view());
    reference_backend<T>().weight_gradient(dZ_abs.view(), X_abs.view(), scale, dW_sums.view(),
                                           std::span(db_sums.row(0), layer.units), {});
    tolerance = {layer.batch, std::max(largest(dW_sums), largest(db_sums))};
  }
  const bool zeros_expected = layer.batch == 0;
  findings.add("weight_gradient, dW", layer,
               disagreement<T>(dW.view(), dW_expected.view(), tolerance, zeros_expected));
  findings.add("weight_gradient, db", layer,
               disagreement<T>(db.view(), db_expected.view(), tolerance, zeros_expected));
  findings.intact("weight_gradient", layer, dZ, X, dW, db, scratch);
}

template <typename T>
void check_input_delta(Findings& findings, const Backend<T>& backend, const Case& layer) {
  if (layer.activation == Activation::softmax) return;  // never the activation of a hidden layer
  std::mt19937 random(layer.seed);
  GuardedMatrix<T> W(layer.units, layer.inputs, layer.placement),
      dZ(layer.units, layer.batch, layer.placement);
  GuardedMatrix<T> A_prev(layer.inputs, layer.batch, layer.placement);
  GuardedMatrix<T> dZ_prev(layer.inputs, layer.batch, layer.placement);
  GuardedMatrix<T> scratch = scratch_for(backend, layer.inputs, layer.units, layer.batch);
  fill(W.view(), layer.data, random);
  fill(dZ.view(), layer.data, random);
  fill_activations(A_prev.view(), layer.activation, layer.data, random);
  Matrix<T> expected(layer.inputs, layer.batch);
  reference_backend<T>().input_delta(W.view(), dZ.view(), A_prev.view(), layer.activation, expected.view(),
                                     {});

  backend.input_delta(W.view(), dZ.view(), A_prev.view(), layer.activation, dZ_prev.view(), scratch.span());

  Tolerance tolerance = Tolerance::exact();
  if (layer.data == Data::real) {
    Matrix<T> sums(layer.inputs, layer.batch);
    const Matrix<T> W_abs = absolute<T>(W.view()), dZ_abs = absolute<T>(dZ.view());
    reference_backend<T>().input_delta(W_abs.view(), dZ_abs.view(), A_prev.view(), Activation::identity,
                                       sums.view(), {});
    tolerance = {layer.units, largest(sums)};  // |act'| <= 1
  }
  findings.add("input_delta", layer,
               disagreement<T>(dZ_prev.view(), expected.view(), tolerance, layer.units == 0));
  findings.intact("input_delta", layer, W, dZ, A_prev, dZ_prev, scratch);
}

template void check_dense_forward(Findings&, const Backend<float>&, const Case&);
template void check_dense_forward(Findings&, const Backend<double>&, const Case&);
template void check_weight_gradient(Findings&, const Backend<float>&, const Case&);
template void check_weight_gradient(Findings&, const Backend<double>&, const Case&);
template void check_input_delta(Findings&, const Backend<float>&, const Case&);
template void check_input_delta(Findings&, const Backend<double>&, const Case&);

}  // namespace mlpbench::test
