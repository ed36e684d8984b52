// The tables of activations and losses, and the pre-activations that a layer leaves for a derivative.

#include <cmath>

#include "backends/operations/operands.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

template <typename T>
bool bitwise_equal(const Matrix<T>& a, const Matrix<T>& b) {
  for (std::size_t i = 0; i < a.rows(); ++i) {
    if (std::memcmp(a.row(i), b.row(i), a.cols() * sizeof(T)) != 0) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("enumerators have their entries' names, and hidden layers every activation but softmax") {
  CHECK(to_string(Activation::relu) == "relu");
  CHECK(to_string(Activation::tanh) == "tanh");
  CHECK(to_string(Activation::sigmoid) == "sigmoid");
  CHECK(to_string(Activation::elu) == "elu");
  CHECK(to_string(Activation::identity) == "identity");
  CHECK(to_string(Activation::softmax) == "softmax");
  CHECK(to_string(Loss::binary_cross_entropy) == "binary cross-entropy");
  CHECK(to_string(Loss::softmax_cross_entropy) == "softmax cross-entropy");
  CHECK(to_string(Loss::mean_squared_error) == "mean squared error");
  CHECK(hidden_activations().size() == kActivations.size() - 1);
  for (const Activation activation : kActivations) {
    CHECK(fits(Loss::binary_cross_entropy, activation) == (activation == Activation::sigmoid));
    CHECK(fits(Loss::softmax_cross_entropy, activation) == (activation == Activation::softmax));
    CHECK(fits(Loss::mean_squared_error, activation) == (activation != Activation::softmax));
  }
}

TEST_CASE("the formulas of activations have the values that their definitions have") {
  const double e = std::exp(1.0);
  CHECK(forward(Activation::relu, -2.0) == 0.0);
  CHECK(forward(Activation::relu, 2.0) == 2.0);
  CHECK(std::isnan(forward(Activation::relu, std::nan(""))));
  CHECK(forward(Activation::identity, -2.0) == -2.0);
  CHECK(forward(Activation::sigmoid, 1.0) == Approx(e / (1.0 + e)).epsilon(1e-15));
  CHECK(forward(Activation::tanh, 1.0) == Approx((e * e - 1.0) / (e * e + 1.0)).epsilon(1e-15));
  CHECK(forward(Activation::elu, -1.0) == Approx(1.0 / e - 1.0).epsilon(1e-15));
  CHECK(forward(Activation::elu, 3.0) == 3.0);
  Matrix<double> A(3, 1);
  A(0, 0) = 1.0, A(2, 0) = 2.0;
  forward_units(Activation::softmax, A.view());
  CHECK(A(0, 0) == Approx(e / (1.0 + e + e * e)).epsilon(1e-15));
  CHECK(A(1, 0) == Approx(1.0 / (1.0 + e + e * e)).epsilon(1e-15));
}

TEST_CASE("every activation's derivative is that of its function") {
  constexpr long double kStep = 1e-5L;
  for (const Activation activation : hidden_activations()) {
    for (const long double z : {-30.0L, -5.0L, -1.0L, -0.3L, -1e-3L, 1e-3L, 0.7L, 2.0L, 6.0L, 30.0L}) {
      const long double slope =
          (forward(activation, z + kStep) - forward(activation, z - kStep)) / (2 * kStep);
      const long double saved = info(activation).needs_z ? z : forward(activation, z);
      INFO(to_string(activation) << " at " << static_cast<double>(z));
      CHECK(static_cast<double>(std::abs(backward(activation, saved, 2.0L) - 2 * slope)) < 1e-9);
    }
  }
}

TEMPLATE_TEST_CASE("a layer leaves its pre-activations where they are asked for, and the same outputs", "",
                   float, double) {
  using T = TestType;
  for_each_backend(kDTypeOf<T>, [](const BackendEntry& entry) {
    const Backend<T>& backend = entry.get<T>();
    std::mt19937 random(9);
    for (const Activation activation : kActivations) {
      for (const std::size_t units : Sizes{1, 3, 13, 40}) {
        for (const std::size_t batch : Sizes{1, 7, 16, 33, 100}) {
          constexpr std::size_t kInputs = 21;
          Matrix<T> W(units, kInputs), b(1, units), X = Matrix<T>::padded(kInputs, batch);
          for (Matrix<T>* operand : {&W, &b, &X}) fill_uniform(operand->view(), -1.0, 1.0, random);
          NetworkSpec network{kInputs, {{units, activation}}, {}};
          AlignedBuffer<T> scratch(backend.scratch_size(network, batch));
          const auto forward = [&](Activation of, Matrix<T>& A, MatrixView<T> Z) {
            backend.dense_forward(W.view(), {b.row(0), units}, X.view(), of, A.view(), scratch.span(), Z);
          };
          Matrix<T> A = Matrix<T>::padded(units, batch), A_with_Z = A, Z = A, sums = A;
          forward(Activation::identity, sums, {});
          forward(activation, A, {});
          forward(activation, A_with_Z, Z.view());
          INFO(entry.name << ", " << to_string(activation) << ", " << units << " x " << batch);
          CHECK(bitwise_equal(Z, sums));
          if (!entry.exceptions().has_own_functions) CHECK(bitwise_equal(A_with_Z, A));
        }
      }
    }
  });
}

}  // namespace mlpbench::test
