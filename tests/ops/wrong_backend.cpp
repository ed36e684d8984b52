#include "tests/ops/wrong_backend.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <new>

#include "backends/operations/operands.h"
#include "support/subnormals.h"

namespace mlpbench::test {
namespace {

template <typename T>
using Mutants = std::vector<WrongBackend<T>>;

template <typename T>
WrongBackend<T>& add(Mutants<T>& mutants, std::string_view mistake) {
  mutants.emplace_back();
  mutants.back().mistake = mistake;
  return mutants.back();
}

/// function(element, row, column) on every element.
template <typename T, typename Function>
void each(MatrixView<T> matrix, Function function) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t n = 0; n < matrix.cols; ++n) function(matrix(i, n), i, n);
  }
}

template <typename T>
void add_wrong_tails(Mutants<T>& mutants) {
  add(mutants, "the last column of a tail is not written").on_forward = [](Forward<T> call) {
    if (call.A.cols % 4 == 3) --call.A.cols, --call.X.cols;
    right(call);
  };
  add(mutants, "columns from the 128th on repeat the 127th").on_forward = [](const Forward<T>& call) {
    right(call);
    each(call.A, [&](T& a, std::size_t u, std::size_t n) { a = n < 128 ? a : call.A(u, 127); });
  };
  add(mutants, "the tail of the sum over inputs is dropped").on_forward = [](Forward<T> call) {
    if (call.W.cols > 8) call.W.cols = call.W.cols / 8 * 8;
    right(call);
  };
  add(mutants, "the 17th unit has the weights of the 16th").on_forward = [](const Forward<T>& call) {
    right(call);
    if (call.A.rows != 17) return;
    Forward<T> last = call;
    last.W = {call.W.row(15), 1, call.W.cols, call.W.stride};
    last.A = {call.A.row(16), 1, call.A.cols, call.A.stride};
    last.b = call.b.subspan(16, 1);
    right(last);
  };
  add(mutants, "db lacks the tail of the batch").on_weight_gradient = [](const WeightGradient<T>& call) {
    right(call);
    if (call.dZ.cols < 8 || call.dZ.cols % 8 == 0) return;
    WeightGradient<T> blocks = call;
    blocks.dZ.cols = blocks.X.cols = call.dZ.cols / 8 * 8;
    blocks.dW.cols = 0;
    right(blocks);
  };
  add(mutants, "the last parameters of a tail are not updated").on_update = [](Update<T> call) {
    if (call.theta.size() > 16) call.theta = call.theta.first(call.theta.size() / 8 * 8);
    right(call);
  };
}

template <typename T>
void add_wrong_accesses(Mutants<T>& mutants) {
  WrongBackend<T>& reader = add(mutants, "reads a whole vector at the end of the last row");
  reader.crashes = true;
  reader.on_forward = [](const Forward<T>& call) {
    right(call);
    if (call.X.empty()) return;
    const volatile T* row = call.X.row(call.X.rows - 1);
    for (std::size_t n = 0; n < (call.X.cols + 3) / 4 * 4; ++n) static_cast<void>(row[n]);
  };
  WrongBackend<T>& early = add(mutants, "reads the element before the first one");
  early.crashes = true;
  early.on_update = [](const Update<T>& call) {
    right(call);
    if (!call.gradient.empty()) static_cast<void>(*const_cast<const volatile T*>(call.gradient.data() - 1));
  };
  add(mutants, "writes a whole vector at the end of a row").on_forward = [](const Forward<T>& call) {
    right(call);
    for (std::size_t u = 0; u + 1 < call.A.rows; ++u) {
      const std::size_t end = std::min((call.A.cols + 3) / 4 * 4, call.A.stride);
      for (std::size_t n = call.A.cols; n < end; ++n) call.A(u, n) = 0;
    }
  };
  add(mutants, "writes behind the scratch").on_forward = [](const Forward<T>& call) {
    right(call);
    if (call.scratch.data() != nullptr) call.scratch.data()[call.scratch.size()] = 0;
  };
  add(mutants, "takes the rows of X for dense").on_forward = [](Forward<T> call) {
    call.X.stride = std::max<std::size_t>(1, call.X.cols);
    right(call);
  };
  add(mutants, "sums in another order where X is not aligned").on_forward = [](const Forward<T>& call) {
    right(call);
    if (reinterpret_cast<std::uintptr_t>(call.X.data) % kAlignment == 0) return;
    if (call.activation != Activation::identity || call.W.cols == 0) return;
    each(call.A, [&](T& a, std::size_t u, std::size_t n) {
      T z = 0;
      for (std::size_t i = call.W.cols; i-- > 0;) z += call.W(u, i) * call.X(i, n);
      a = z + call.b[u];
    });
  };
}

template <typename T>
void add_wrong_forwards(Mutants<T>& mutants) {
  add(mutants, "the last unit has the bias of the one before").on_forward = [](const Forward<T>& call) {
    std::vector<T> b(call.b.begin(), call.b.end());
    if (b.size() > 1) b.back() = b[b.size() - 2];
    Forward<T> wrong = call;
    wrong.b = b;
    right(wrong);
  };
  add(mutants, "adds to what the output held").on_forward = [](const Forward<T>& call) {
    const Matrix<T> before = copy_of<T>(call.A);
    right(call);
    each(call.A, [&](T& a, std::size_t u, std::size_t n) { a += T{0} * before(u, n); });
  };
  add(mutants, "64 roundings too many").on_forward = [](const Forward<T>& call) {
    right(call);
    each(call.A, [](T& a, std::size_t, std::size_t) { a *= 1 + 64 * std::numeric_limits<T>::epsilon(); });
  };
  add(mutants, "softmax without subtracting the maximum").on_forward = [](Forward<T> call) {
    const bool softmax = call.activation == Activation::softmax;
    if (softmax) call.activation = Activation::identity;
    right(call);
    for (std::size_t n = 0; softmax && n < call.A.cols; ++n) {
      T sum = 0;
      for (std::size_t u = 0; u < call.A.rows; ++u) sum += call.A(u, n) = std::exp(call.A(u, n));
      for (std::size_t u = 0; u < call.A.rows; ++u) call.A(u, n) /= sum;
    }
  };
  add(mutants, "ReLU of NaN is 0").on_forward = [](const Forward<T>& call) {
    right(call);
    if (call.activation != Activation::relu) return;
    each(call.A, [](T& a, std::size_t, std::size_t) { a = a > T{0} ? a : T{0}; });
  };
  add(mutants, "subnormal results are flushed to 0").on_forward = [](const Forward<T>& call) {
    right(call);
    each(call.A, [](T& a, std::size_t, std::size_t) {
      if (std::abs(a) < std::numeric_limits<T>::min()) a = 0;
    });
  };
  add(mutants, "leaves the processor flushing to 0").on_update = [](const Update<T>& call) {
    right(call);
    alignas(SubnormalsScope) std::byte never_ended[sizeof(SubnormalsScope)];
    new (never_ended) SubnormalsScope(Subnormals::flush);
  };
}

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
std::vector<WrongBackend<T>> wrong_backends() {
  std::vector<WrongBackend<T>> mutants;
  add_wrong_tails(mutants);
  add_wrong_accesses(mutants);
  add_wrong_forwards(mutants);
  add_wrong_losses(mutants);
  add_wrong_gradients(mutants);
  add_wrong_steps(mutants);
  return mutants;
}

template std::vector<WrongBackend<float>> wrong_backends();
template std::vector<WrongBackend<double>> wrong_backends();

}  // namespace mlpbench::test
