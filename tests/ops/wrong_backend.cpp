#include "tests/ops/wrong_backend.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <new>

#include "backends/operations/operands.h"
#include "support/subnormals.h"
#include "tests/ops/mutants.h"

namespace mlpbench::test {
namespace {

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

}  // namespace

template <typename T>
std::vector<WrongBackend<T>> wrong_backends() {
  std::vector<WrongBackend<T>> mutants;
  add_wrong_tails(mutants);
  add_wrong_accesses(mutants);
  add_wrong_forwards(mutants);
  add_wrong_training(mutants);
  return mutants;
}

template std::vector<WrongBackend<float>> wrong_backends();
template std::vector<WrongBackend<double>> wrong_backends();

}  // namespace mlpbench::test
