// The contract says of alignment and strides that "nothing else changes" with them than speed: not a bit of a
// result.

#include "tests/ops/checks.h"

namespace mlpbench::test {
namespace {

/// The results of all operations on one layer, whose operands lie as `placement` says.
template <typename T>
struct Results {
  GuardedMatrix<T> A, dZ_prev, dW, db, dZ, theta;
  double loss = 0.0;

  Results(const Backend<T>& backend, const Case& layer, const Placement& placement)
      : A(layer.units, layer.batch, placement),
        dZ_prev(layer.inputs, layer.batch, placement),
        dW(layer.units, layer.inputs, placement),
        db(1, layer.units, placement),
        dZ(layer.units, layer.batch, placement),
        theta(1, layer.units * layer.inputs, placement) {
    std::mt19937 random(layer.seed);
    GuardedMatrix<T> W(layer.units, layer.inputs, placement), b(1, layer.units, placement);
    GuardedMatrix<T> X(layer.inputs, layer.batch, placement), Y(layer.units, layer.batch, placement);
    GuardedMatrix<T> gradient(1, layer.units * layer.inputs, placement);
    GuardedMatrix<T> scratch = scratch_for(backend, layer.inputs, layer.units, layer.batch);
    for (const GuardedMatrix<T>* operand : {&W, &b, &X, &Y, &gradient, &theta}) {
      fill(operand->view(), Data::real, random);
    }
    backend.dense_forward(W.view(), b.span(), X.view(), layer.activation, A.view(), scratch.span());
    const LossSpec squared = {Loss::mean_squared_error, 0.0};
    const Activation last = layer.activation == Activation::softmax ? Activation::identity : layer.activation;
    loss = backend.output_delta(squared, last, A.view(), Y.view(), dZ.view());
    backend.weight_gradient(dZ.view(), X.view(), T(0.1), dW.view(), db.span(), scratch.span());
    backend.input_delta(W.view(), dZ.view(), X.view(), last, dZ_prev.view(), scratch.span());
    backend.update(sgd_rule<T>(0.1), theta.span(), gradient.span(), {});
  }
};

constexpr std::size_t kUnits[] = {1, 2, 4, 7, 10, 16, 33};
constexpr std::size_t kInputs[] = {1, 2, 5, 16, 30};
constexpr std::size_t kBatches[] = {1, 3, 8, 17, 32, 66};

template <typename T>
void check_one_layer(Findings& findings, const Backend<T>& backend, const Case& layer) {
  const Results<T> first(backend, layer, Placement{});
  for (const Placement& placement : all_placements()) {
    const Results<T> other(backend, layer, placement);
    const auto compare = [&](std::string_view operation, const GuardedMatrix<T>& actual,
                             const GuardedMatrix<T>& expected) {
      const std::string difference =
          disagreement<T>(actual.view(), expected.view(), Tolerance::exact(), true);
      if (difference.empty()) return;
      findings.add(std::string(operation) + ", compared with itself on cache lines",
                   to_string(layer) + " moved to " + to_string(placement), difference);
    };
    compare("dense_forward", other.A, first.A);
    compare("output_delta", other.dZ, first.dZ);
    compare("weight_gradient, dW", other.dW, first.dW);
    compare("weight_gradient, db", other.db, first.db);
    compare("input_delta", other.dZ_prev, first.dZ_prev);
    compare("update", other.theta, first.theta);
    if (other.loss != first.loss) {
      findings.add("output_delta", to_string(layer) + " moved to " + to_string(placement), "another loss");
    }
  }
}

}  // namespace

template <typename T>
void check_placements(Findings& findings, const Backend<T>& backend) {
  std::uint32_t seed = 0;
  for (const std::size_t units : kUnits) {
    for (const std::size_t inputs : kInputs) {
      for (const std::size_t batch : kBatches) {
        if (findings.full()) return;
        const Activation activation = all_activations()[seed % all_activations().size()];
        check_one_layer(findings, backend,
                        {units, inputs, batch, activation, Placement{}, Data::real, ++seed});
      }
    }
  }
}

template void check_placements(Findings&, const Backend<float>&);
template void check_placements(Findings&, const Backend<double>&);

}  // namespace mlpbench::test
