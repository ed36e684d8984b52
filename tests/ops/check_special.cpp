// NaN, infinities, saturation and subnormal numbers.

#include <array>

#include "tests/ops/checks.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

template <typename T>
constexpr std::array<T, 3> kSpecial = {std::numeric_limits<T>::quiet_NaN(),
                                       std::numeric_limits<T>::infinity(),
                                       -std::numeric_limits<T>::infinity()};

constexpr std::size_t kShapes[][3] = {{1, 1, 1},  {1, 3, 7},   {2, 2, 16},  {5, 4, 17},
                                      {8, 9, 33}, {17, 16, 9}, {33, 5, 66}, {4, 34, 5}};

/// Small integers, zeros among them: 0 times NaN or infinity must be NaN, not skipped.
template <typename T>
void fill_with_zeros(MatrixView<T> matrix, std::mt19937& random) {
  fill(matrix, Data::integer, random);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j) {
      if (random() % 3 == 0) matrix(i, j) = T{0};
    }
  }
}

template <typename T>
void put_somewhere(MatrixView<T> matrix, T value, std::mt19937& random) {
  matrix(random() % matrix.rows, random() % matrix.cols) = value;
}

template <typename T>
std::string with(T value, const Case& layer) {
  return "with " + std::to_string(value) + ", " + to_string(layer);
}

/// `value` in one element of the operand number `place`, of W, b and X.
template <typename T>
void check_forward_with(Findings& findings, const Backend<T>& backend, const Case& layer, T value,
                        unsigned place) {
  std::mt19937 random(layer.seed);
  GuardedMatrix<T> W(layer.units, layer.inputs, layer.placement), b(1, layer.units, layer.placement);
  GuardedMatrix<T> X(layer.inputs, layer.batch, layer.placement),
      A(layer.units, layer.batch, layer.placement);
  GuardedMatrix<T> scratch = scratch_for(backend, layer.inputs, layer.units, layer.batch);
  for (const GuardedMatrix<T>* operand : {&W, &b, &X}) fill_with_zeros(operand->view(), random);
  put_somewhere((place == 0 ? W : place == 1 ? b : X).view(), value, random);
  Matrix<T> expected(layer.units, layer.batch);
  reference_backend<T>().dense_forward(W.view(), b.span(), X.view(), layer.activation, expected.view(), {});
  backend.dense_forward(W.view(), b.span(), X.view(), layer.activation, A.view(), scratch.span());
  const Tolerance tolerance = {layer.inputs + layer.units, 16.0 * static_cast<double>(layer.inputs + 1)};
  const std::string problem = disagreement<T>(A.view(), expected.view(), tolerance, true);
  if (!problem.empty()) findings.add("dense_forward", with(value, layer), problem);
}

/// `value` in one element of the operand number `place`, of dZ, W (or X) and A_prev.
template <typename T>
void check_backward_with(Findings& findings, const Backend<T>& backend, const Case& layer, T value,
                         unsigned place) {
  std::mt19937 random(layer.seed);
  GuardedMatrix<T> dZ(layer.units, layer.batch, layer.placement),
      W(layer.units, layer.inputs, layer.placement);
  GuardedMatrix<T> A_prev(layer.inputs, layer.batch, layer.placement);
  GuardedMatrix<T> dZ_prev(layer.inputs, layer.batch, layer.placement);
  GuardedMatrix<T> dW(layer.units, layer.inputs, layer.placement), db(1, layer.units, layer.placement);
  GuardedMatrix<T> scratch = scratch_for(backend, layer.inputs, layer.units, layer.batch);
  for (const GuardedMatrix<T>* operand : {&dZ, &W, &A_prev}) fill_with_zeros(operand->view(), random);
  put_somewhere((place == 0 ? dZ : place == 1 ? W : A_prev).view(), value, random);
  Matrix<T> dZ_expected(layer.inputs, layer.batch), dW_expected(layer.units, layer.inputs);
  Matrix<T> db_expected(1, layer.units);
  const Backend<T>& naive = reference_backend<T>();
  naive.input_delta(W.view(), dZ.view(), A_prev.view(), layer.activation, dZ_expected.view(), {});
  naive.weight_gradient(dZ.view(), A_prev.view(), T{1}, dW_expected.view(),
                        std::span(db_expected.row(0), layer.units), {});
  backend.input_delta(W.view(), dZ.view(), A_prev.view(), layer.activation, dZ_prev.view(), scratch.span());
  backend.weight_gradient(dZ.view(), A_prev.view(), T{1}, dW.view(), db.span(), scratch.span());
  // The derivatives of small integers are small integers too: whatever is finite is exact.
  const auto compare = [&](std::string_view operation, MatrixView<T> actual, const Matrix<T>& expected) {
    const std::string problem = disagreement<T>(actual, expected.view(), Tolerance::exact(), true);
    if (!problem.empty()) findings.add(operation, with(value, layer), problem);
  };
  compare("input_delta", dZ_prev.view(), dZ_expected);
  compare("weight_gradient, dW", dW.view(), dW_expected);
  compare("weight_gradient, db", db.view(), db_expected);
}

/// One output layer and batch whose values are given row by row, and the loss it must have.
template <typename T>
void check_loss_of(Findings& findings, const Backend<T>& backend, const LossSpec& loss, Activation activation,
                   std::span<const T> values, std::span<const T> targets) {
  // The same values in every lane of a vector, in a tail, and alone.
  for (const std::size_t batch : Sizes{1, 7, 16, 33}) {
    const std::size_t rows = values.size();
    GuardedMatrix<T> A(rows, batch, Placement{}), Y(rows, batch, Placement{}), dZ(rows, batch, Placement{});
    for (std::size_t k = 0; k < rows; ++k) {
      for (std::size_t n = 0; n < batch; ++n) A(k, n) = values[k], Y(k, n) = targets[(k + n) % rows];
    }
    Matrix<T> expected(rows, batch);
    const double expected_loss =
        reference_backend<T>().output_delta(loss, activation, A.view(), Y.view(), expected.view());
    const double actual = backend.output_delta(loss, activation, A.view(), Y.view(), dZ.view());
    const Tolerance tolerance = {rows * batch, std::max(1.0, std::abs(expected_loss))};
    const std::string where = to_string(loss) + ", special values, batch " + std::to_string(batch);
    if (!agree(actual, expected_loss, tolerance.value<T>())) {
      findings.add("output_delta, the loss", where,
                   std::to_string(actual) + ", expected " + std::to_string(expected_loss));
    }
    findings.add("output_delta", where, disagreement<T>(dZ.view(), expected.view(), Tolerance{1, 2.0}, true));
  }
}

template <typename T>
void check_losses(Findings& findings, const Backend<T>& backend) {
  constexpr T kNaN = std::numeric_limits<T>::quiet_NaN(), kInf = std::numeric_limits<T>::infinity();
  constexpr T kMin = std::numeric_limits<T>::min();
  const std::array<T, 10> saturated = {0, 1, 1, 0, kMin, kMin / 4, T(1e-8), 1 - T(1e-7), T(0.5), T(1e-20)};
  const std::array<T, 10> targets = {0, 1, 0, 1, 1, 1, 0, 1, T(0.25), 1};
  const std::array<T, 3> broken = {T(0.25), kNaN, T(0.5)}, infinite = {T(0.25), kInf, T(0.5)},
                         one = {0, 1, 0};
  for (const double epsilon : {0.0, 1e-8}) {
    const LossSpec binary = {Loss::binary_cross_entropy, epsilon},
                   multi = {Loss::softmax_cross_entropy, epsilon};
    for (const std::size_t rows : Sizes{1, 2, 4, 10}) {
      const auto A = std::span(saturated).first(rows), Y = std::span(targets).first(rows);
      check_loss_of<T>(findings, backend, binary, Activation::sigmoid, A, Y);
      check_loss_of<T>(findings, backend, multi, Activation::softmax, A, Y);
    }
    check_loss_of<T>(findings, backend, binary, Activation::sigmoid, broken, one);
    check_loss_of<T>(findings, backend, multi, Activation::softmax, broken, one);
  }
  for (const Activation activation : all_activations()) {
    if (activation == Activation::softmax) continue;
    const LossSpec squared = {Loss::mean_squared_error, 0.0};
    check_loss_of<T>(findings, backend, squared, activation, broken, one);
    check_loss_of<T>(findings, backend, squared, activation, infinite, one);
  }
}

/// Pre-activations far beyond where the functions saturate, and those that flushing to zero would lose.
template <typename T>
void check_extreme_inputs(Findings& findings, const Backend<T>& backend) {
  constexpr T kMax = std::numeric_limits<T>::max(), kTiny = std::numeric_limits<T>::denorm_min();
  constexpr T kMin = std::numeric_limits<T>::min();
  const std::array<T, 16> inputs = {T(1000), T(-1000), T(88.5),  T(-88.5), T(709.5), T(-709.5),
                                    kMax,    -kMax,    T(1e30),  T(-1e30), kMin / 2, -kMin,
                                    kTiny,   -kTiny,   T(1e-20), T(0)};
  for (const Activation activation : all_activations()) {
    const std::size_t units = activation == Activation::softmax ? 3 : 1;
    for (const std::size_t batch : {std::size_t{3}, inputs.size(), 2 * inputs.size() + 5}) {
      GuardedMatrix<T> W(units, 1, Placement{}), b(1, units, Placement{}), X(1, batch, Placement{});
      GuardedMatrix<T> A(units, batch, Placement{}), scratch = scratch_for(backend, 1, units, batch);
      for (std::size_t u = 0; u < units; ++u)
        W(u, 0) = u == 0 ? T{1} : T(0.5) / static_cast<T>(u), b(0, u) = 0;
      for (std::size_t n = 0; n < batch; ++n) X(0, n) = inputs[(n + batch) % inputs.size()];
      Matrix<T> expected(units, batch);
      reference_backend<T>().dense_forward(W.view(), b.span(), X.view(), activation, expected.view(), {});
      backend.dense_forward(W.view(), b.span(), X.view(), activation, A.view(), scratch.span());
      // The functions that change nothing must keep the subnormal numbers; the others round values up to 1.
      const bool exact = activation == Activation::identity || activation == Activation::relu;
      findings.add(
          "dense_forward", "extreme inputs, " + std::string(to_string(activation)),
          disagreement<T>(A.view(), expected.view(), exact ? Tolerance::exact() : Tolerance{1, 1.0}, true));
    }
  }
}

}  // namespace

template <typename T>
void check_special_values(Findings& findings, const Backend<T>& backend) {
  std::uint32_t seed = 0;
  for (const auto& [units, inputs, batch] : kShapes) {
    for (const Activation activation : all_activations()) {
      for (const T value : kSpecial<T>) {
        for (unsigned place = 0; place < 3; ++place) {
          if (findings.full()) return;
          const Placement& placement = all_placements()[seed % all_placements().size()];
          const Case layer = {units, inputs, batch, activation, placement, Data::integer, ++seed};
          check_forward_with(findings, backend, layer, value, place);
          if (activation != Activation::softmax) check_backward_with(findings, backend, layer, value, place);
        }
      }
    }
  }
  check_losses(findings, backend);
  check_extreme_inputs(findings, backend);
}

template void check_special_values(Findings&, const Backend<float>&);
template void check_special_values(Findings&, const Backend<double>&);

}  // namespace mlpbench::test
