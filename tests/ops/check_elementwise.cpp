// The operations that work element by element: the loss with the delta of the last layer, and the update.

#include <array>

#include "tests/ops/checks.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

struct Output {
  Loss loss;
  Activation activation;
};

constexpr std::array kOutputs = {Output{Loss::binary_cross_entropy, Activation::sigmoid},
                                 Output{Loss::softmax_cross_entropy, Activation::softmax},
                                 Output{Loss::mean_squared_error, Activation::identity},
                                 Output{Loss::mean_squared_error, Activation::sigmoid},
                                 Output{Loss::mean_squared_error, Activation::tanh},
                                 Output{Loss::mean_squared_error, Activation::relu},
                                 Output{Loss::mean_squared_error, Activation::elu}};

/// Targets: 0 or 1 for the cross-entropies, any number for the mean squared error.
template <typename T>
void fill_targets(MatrixView<T> Y, Loss loss, Data data, std::mt19937& random) {
  fill(Y, data, random);
  if (loss == Loss::mean_squared_error) return;
  for (std::size_t k = 0; k < Y.rows; ++k) {
    for (std::size_t n = 0; n < Y.cols; ++n) Y(k, n) = Y(k, n) < T{0} ? T{0} : T{1};
  }
}

std::string in_words(const LossSpec& loss, const Case& layer) {
  return to_string(loss) + ", " + to_string(layer);
}

/// One call, and one with dZ in the place of A. layer.inputs is not used.
template <typename T>
void check_one_delta(Findings& findings, const Backend<T>& backend, const LossSpec& loss, const Case& layer) {
  std::mt19937 random(layer.seed);
  GuardedMatrix<T> A(layer.units, layer.batch, layer.placement), Y(layer.units, layer.batch, layer.placement);
  GuardedMatrix<T> dZ(layer.units, layer.batch, layer.placement);
  fill_activations(A.view(), layer.activation, layer.data, random);
  fill_targets(Y.view(), loss.kind, layer.data, random);
  Matrix<T> expected(layer.units, layer.batch);
  const double expected_loss =
      reference_backend<T>().output_delta(loss, layer.activation, A.view(), Y.view(), expected.view());

  const double actual_loss = backend.output_delta(loss, layer.activation, A.view(), Y.view(), dZ.view());

  const bool exact = layer.data == Data::integer && loss.kind == Loss::mean_squared_error &&
                     (layer.activation == Activation::identity || layer.activation == Activation::relu);
  // |A - Y| <= 2, (A - Y)^2 <= 4. A few terms that are nearly 0 still carry the roundings of numbers near 1.
  const Tolerance delta = exact ? Tolerance::exact() : Tolerance{1, 2.0};
  const Tolerance sum = exact ? Tolerance::exact()
                              : Tolerance{layer.units * layer.batch, std::max(1.0, std::abs(expected_loss))};
  const std::string problem = disagreement<T>(dZ.view(), expected.view(), delta);
  if (!problem.empty()) findings.add("output_delta", in_words(loss, layer), problem);
  if (!agree(actual_loss, expected_loss, sum.value<T>())) {
    findings.add("output_delta, the loss", in_words(loss, layer),
                 std::to_string(actual_loss) + ", expected " + std::to_string(expected_loss));
  }
  findings.intact("output_delta", layer, A, Y, dZ);

  const double loss_in_place = backend.output_delta(loss, layer.activation, A.view(), Y.view(), A.view());
  const std::string difference = disagreement<T>(A.view(), dZ.view(), Tolerance::exact(), true);
  if (!difference.empty()) findings.add("output_delta in place", in_words(loss, layer), difference);
  if (loss_in_place != actual_loss)
    findings.add("output_delta in place", in_words(loss, layer), "another loss");
  findings.intact("output_delta in place", layer, A, Y);
}

}  // namespace

template <typename T>
void check_output_delta(Findings& findings, const Backend<T>& backend) {
  const std::span<const Placement> placements = all_placements();
  std::uint32_t seed = 0;
  for (const Output& output : kOutputs) {
    for (std::size_t outputs = 0; outputs <= 17; ++outputs) {
      for (const std::size_t batch : edge_lengths()) {
        if (findings.full()) return;
        const Placement& placement = placements[seed % placements.size()];
        const LossSpec loss = {output.loss, seed % 2 == 0 ? 0.0 : 1e-8};
        const Data data =
            output.loss == Loss::mean_squared_error && seed % 3 == 0 ? Data::integer : Data::real;
        check_one_delta(findings, backend, loss,
                        {outputs, 0, batch, output.activation, placement, data, seed});
        ++seed;
      }
    }
  }
}

template <typename T>
void check_update(Findings& findings, const Backend<T>& backend) {
  std::uint32_t seed = 0;
  for (const std::size_t size :
       Sizes{0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 48, 66, 130, 321, 5000}) {
    for (const Placement& placement : all_placements()) {
      for (const Data data : {Data::real, Data::integer}) {
        if (findings.full()) return;
        std::mt19937 random(++seed);
        GuardedMatrix<T> theta(1, size, placement), gradient(1, size, placement);
        fill(theta.view(), data, random);
        fill(gradient.view(), data, random);
        Matrix<T> expected(1, size);
        std::copy_n(theta.span().data(), size, expected.row(0));
        const UpdateRule<T> rule = sgd_rule<T>(data == Data::integer ? 0.125 : 0.01);
        reference_backend<T>().update(rule, std::span(expected.row(0), size), gradient.span(), {});

        backend.update(rule, theta.span(), gradient.span(), {});

        const Tolerance tolerance = data == Data::integer ? Tolerance::exact() : Tolerance{1, 1.0};
        const std::string where = std::to_string(size) + " parameters, " + to_string(placement);
        findings.add("update", where, disagreement<T>(theta.view(), expected.view(), tolerance));
        findings.intact("update", where, theta, gradient);
      }
    }
  }
}

template <typename T>
void check_accumulate(Findings& findings, const Backend<T>& backend) {
  std::uint32_t seed = 0;
  for (const std::size_t size : Sizes{0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 66, 321, 5000}) {
    for (const Placement& placement : all_placements()) {
      if (findings.full()) return;
      std::mt19937 random(++seed);
      GuardedMatrix<T> sum(1, size, placement), addend(1, size, placement);
      fill(sum.view(), Data::real, random);
      fill(addend.view(), Data::real, random);
      Matrix<T> expected(1, size);
      for (std::size_t i = 0; i < size; ++i) expected(0, i) = sum.span()[i] + addend.span()[i];

      backend.accumulate(sum.span(), addend.span());

      const std::string where = std::to_string(size) + " elements, " + to_string(placement);
      findings.add("accumulate", where, disagreement<T>(sum.view(), expected.view(), Tolerance::exact()));
      findings.intact("accumulate", where, sum, addend);
    }
  }
}

template void check_output_delta(Findings&, const Backend<float>&);
template void check_output_delta(Findings&, const Backend<double>&);
template void check_update(Findings&, const Backend<float>&);
template void check_update(Findings&, const Backend<double>&);
template void check_accumulate(Findings&, const Backend<float>&);
template void check_accumulate(Findings&, const Backend<double>&);

}  // namespace mlpbench::test
