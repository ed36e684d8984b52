#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "tests/ops/mutants.h"

namespace mlpbench::test {
namespace {

template <typename T>
void add_wrong_losses(Mutants<T>& mutants) {
  add(mutants, "the loss is averaged").on_output_delta = [](const OutputDelta<T>& call) {
    return right(call) / static_cast<double>(std::max<std::size_t>(1, call.A.cols));
  };
  add(mutants, "log_epsilon is forgotten").on_output_delta = [](OutputDelta<T> call) {
    call.loss.log_epsilon = 0.0;
    return right(call);
  };
  add(mutants, "the loss of a saturated output is infinite").on_output_delta =
      [](const OutputDelta<T>& call) {
        const double loss = right(call);
        const bool logarithm =
            info(call.loss.kind).of_classes && call.loss.log_epsilon == 0.0 && call.A.rows > 0;
        for (std::size_t n = 0; logarithm && n < call.A.cols; ++n) {
          if (call.A(0, n) == T{0} && call.Y(0, n) == T{1}) return std::numeric_limits<double>::infinity();
        }
        return loss;
      };
  add(mutants, "Huber's loss is linear from elsewhere on").on_output_delta = [](OutputDelta<T> call) {
    call.loss.huber_delta *= 1.5;
    return right(call);
  };
  add(mutants, "an absolute error of 0 has a slope").on_output_delta = [](const OutputDelta<T>& call) {
    const double loss = right(call);
    if (call.loss.kind != Loss::mean_absolute_error) return loss;
    each(call.dZ, [](T& dZ, std::size_t, std::size_t) { dZ = dZ == T{0} ? T{1} : dZ; });
    return loss;
  };
  add(mutants, "mean squared error without the derivative").on_output_delta = [](OutputDelta<T> call) {
    call.activation = Activation::identity;
    return right(call);
  };
  add(mutants, "Y - A in the last row").on_output_delta = [](const OutputDelta<T>& call) {
    const double loss = right(call);
    for (std::size_t n = 0; n < call.dZ.cols && call.dZ.rows > 3; ++n) call.dZ(3, n) = -call.dZ(3, n);
    return loss;
  };
  add(mutants, "A is overwritten before it is read again").on_output_delta = [](const OutputDelta<T>& call) {
    if (call.activation != Activation::tanh) return right(call);
    OutputDelta<T> linear = call;
    linear.activation = Activation::identity;
    const double loss = right(linear);
    each(call.dZ, [&](T& dZ, std::size_t k, std::size_t n) { dZ *= T{1} - call.A(k, n) * call.A(k, n); });
    return loss;
  };
}

template <typename T>
void add_wrong_gradients(Mutants<T>& mutants) {
  add(mutants, "db is not scaled").on_weight_gradient = [](WeightGradient<T> call) {
    right(call);
    call.scale = 1;
    call.dW.cols = 0;
    right(call);
  };
  add(mutants, "dW is transposed where it is square").on_weight_gradient = [](const WeightGradient<T>& call) {
    right(call);
    for (std::size_t u = 0; call.dW.rows == call.dW.cols && u < call.dW.rows; ++u) {
      for (std::size_t i = 0; i < u; ++i) std::swap(call.dW(u, i), call.dW(i, u));
    }
  };
  add(mutants, "ELU's derivative lacks the 1").on_input_delta = [](const InputDelta<T>& call) {
    right(call);
    if (call.activation != Activation::elu) return;
    each(call.dZ_prev, [&](T& dZ, std::size_t i, std::size_t n) {
      const T a = call.saved_prev(i, n);
      if (a < T{0}) dZ *= a / (a + T{1});
    });
  };
  add(mutants, "the derivative of ReLU at 0 is 1").on_input_delta = [](InputDelta<T> call) {
    if (call.activation != Activation::relu) return right(call);
    call.activation = Activation::identity;
    right(call);
    each(call.dZ_prev,
         [&](T& dZ, std::size_t i, std::size_t n) { dZ = call.saved_prev(i, n) >= T{0} ? dZ : T{0}; });
  };
  add(mutants, "ReLU's derivative 0 is multiplied, not selected").on_input_delta = [](InputDelta<T> call) {
    if (call.activation != Activation::relu) return right(call);
    call.activation = Activation::identity;
    right(call);
    each(call.dZ_prev,
         [&](T& dZ, std::size_t i, std::size_t n) { dZ *= call.saved_prev(i, n) > T{0} ? T{1} : T{0}; });
  };
  add(mutants, "products with a weight of 0 are skipped").on_input_delta = [](const InputDelta<T>& call) {
    if (call.activation != Activation::identity) return right(call);
    each(call.dZ_prev, [&](T& dA, std::size_t i, std::size_t n) {
      dA = 0;
      for (std::size_t u = 0; u < call.W.rows; ++u) {
        if (call.W(u, i) != T{0}) dA += call.W(u, i) * call.dZ(u, n);
      }
    });
  };
}

template <typename T>
void add_wrong_steps(Mutants<T>& mutants) {
  add(mutants, "goes up the gradient").on_update = [](Update<T> call) {
    call.rule.coefficients[0] = -call.rule.coefficients[0];
    right(call);
  };
  add(mutants, "a gradient that is NaN changes nothing").on_update = [](Update<T> call) {
    std::vector<T> gradient(call.gradient.begin(), call.gradient.end());
    std::replace_if(
        gradient.begin(), gradient.end(), [](T g) { return std::isnan(g); }, T{0});
    call.gradient = gradient;
    right(call);
  };
  add(mutants, "adds twice the gradients of the chunks but the first").on_accumulate =
      [](const Accumulate<T>& call) {
        right(call);
        right(call);
      };
  add(mutants, "a chunk's gradients are not scaled").on_chunk_gradients = [](const ChunkGradients<T>& call) {
    return right<T>(
        {call.backend, call.network, call.theta, call.X, call.Y, T{1}, call.gradient, call.workspace});
  };
  add(mutants, "a step drops nothing").on_chunk_gradients = [](const ChunkGradients<T>& call) {
    NetworkSpec whole = call.network;
    for (LayerSpec& layer : whole.layers) layer.dropout = 0.0;
    return right(ChunkGradients<T>{call.backend, whole, call.theta, call.X, call.Y, call.scale, call.gradient,
                                   call.workspace});
  };
  add(mutants, "a chunk's loss is a mean").on_chunk_gradients = [](const ChunkGradients<T>& call) {
    return right(call) / static_cast<double>(call.X.cols);
  };
  add(mutants, "gradients are added to those of the last step").on_chunk_gradients =
      [](const ChunkGradients<T>& call) {
        const std::span<T> gradients = call.gradient.all();
        const std::vector<T> before(gradients.begin(), gradients.end());
        const double loss = right(call);
        for (std::size_t p = 0; p < before.size(); ++p) gradients[p] += before[p];
        return loss;
      };
}

}  // namespace

template <typename T>
void add_wrong_training(Mutants<T>& mutants) {
  add_wrong_losses(mutants);
  add_wrong_gradients(mutants);
  add_wrong_steps(mutants);
}

template void add_wrong_training(Mutants<float>&);
template void add_wrong_training(Mutants<double>&);

}  // namespace mlpbench::test
