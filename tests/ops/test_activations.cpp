// The tables of activations and losses, and the pre-activations that a layer leaves for a derivative.

#include <algorithm>
#include <cmath>
#include <limits>

#include "backends/operations/operands.h"
#include "backends/simd/simd_backend.h"
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
  CHECK(to_string(Activation::leaky_relu) == "leaky-relu");
  CHECK(to_string(Activation::hard_tanh) == "hard-tanh");
  CHECK(to_string(Activation::silu) == "silu");
  CHECK(to_string(Activation::softplus) == "softplus");
  CHECK(to_string(Activation::gelu) == "gelu");
  CHECK(to_string(Activation::gelu_tanh) == "gelu-tanh");
  CHECK(to_string(Activation::softmax) == "softmax");
  CHECK(to_string(Loss::binary_cross_entropy) == "binary cross-entropy");
  CHECK(to_string(Loss::softmax_cross_entropy) == "softmax cross-entropy");
  CHECK(to_string(Loss::mean_squared_error) == "mean squared error");
  CHECK(to_string(Loss::huber) == "Huber loss");
  CHECK(to_string(Loss::mean_absolute_error) == "mean absolute error");
  CHECK(hidden_activations().size() == kActivations.size() - 1);
  for (const Activation activation : kActivations) {
    CHECK(fits(Loss::binary_cross_entropy, activation) == (activation == Activation::sigmoid));
    CHECK(fits(Loss::softmax_cross_entropy, activation) == (activation == Activation::softmax));
    CHECK(fits(Loss::mean_squared_error, activation) == (activation != Activation::softmax));
    CHECK(fits(Loss::huber, activation) == (activation == Activation::identity));
    CHECK(fits(Loss::mean_absolute_error, activation) == (activation == Activation::identity));
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
  CHECK(forward(Activation::leaky_relu, -2.0) == -0.02);
  CHECK(forward(Activation::hard_tanh, -3.0) == -1.0);
  CHECK(forward(Activation::hard_tanh, 0.25) == 0.25);
  CHECK(forward(Activation::silu, 1.0) == Approx(e / (1.0 + e)).epsilon(1e-15));
  CHECK(forward(Activation::softplus, 1.0) == Approx(std::log(1.0 + e)).epsilon(1e-15));
  CHECK(forward(Activation::gelu, 1.0) == Approx(0.841344746068542949).epsilon(1e-15));
  CHECK(forward(Activation::gelu, -2.0) == Approx(-0.0455002638963584144).epsilon(1e-15));
  CHECK(forward(Activation::gelu_tanh, 1.0) == Approx(0.84119199060827670).epsilon(1e-14));
  Matrix<double> A(3, 1);
  A(0, 0) = 1.0, A(2, 0) = 2.0;
  forward_units(Activation::softmax, A.view());
  CHECK(A(0, 0) == Approx(e / (1.0 + e + e * e)).epsilon(1e-15));
  CHECK(A(1, 0) == Approx(1.0 / (1.0 + e + e * e)).epsilon(1e-15));
}

TEST_CASE("every activation's derivative is that of its function") {
  constexpr long double kStep = 1e-5L;
  for (const Activation activation : hidden_activations()) {
    for (const long double z : {-30.0L, -5.0L, -1.1L, -0.3L, -1e-3L, 1e-3L, 0.7L, 2.0L, 6.0L, 30.0L}) {
      const long double slope =
          (forward(activation, z + kStep) - forward(activation, z - kStep)) / (2 * kStep);
      const long double saved = info(activation).needs_z ? z : forward(activation, z);
      INFO(to_string(activation) << " at " << static_cast<double>(z));
      CHECK(static_cast<double>(std::abs(backward(activation, saved, 2.0L) - 2 * slope)) < 1e-9);
    }
  }
}

namespace {

/// Distance of `actual` from `exact` in units of T's last place there, which is never below that of normal
/// numbers. Below it libraries differ.
template <typename T>
double ulps(T actual, long double exact) {
  const T nearest = std::max(static_cast<T>(std::abs(exact)), std::numeric_limits<T>::min());
  const T ulp = std::nextafter(nearest, std::numeric_limits<T>::infinity()) - nearest;
  return static_cast<double>(std::abs(static_cast<long double>(actual) - exact) /
                             static_cast<long double>(ulp));
}

/// The largest error of a layer of one unit with weight 1 and bias 0, over `z`.
template <typename T>
double largest_ulps(const Backend<T>& backend, Activation activation, Matrix<T>& z) {
  Matrix<T> one(1, 1), zero(1, 1), A = Matrix<T>::padded(1, z.cols());
  one(0, 0) = T{1};
  const NetworkSpec network{1, {{1, activation}}, {}};
  AlignedBuffer<T> scratch(backend.scratch_size(network, z.cols()));
  backend.dense_forward(one.view(), {zero.row(0), 1}, z.view(), activation, A.view(), scratch.span(), {});
  double largest = 0.0;
  for (std::size_t n = 0; n < z.cols(); ++n)
    largest = std::max(largest, ulps(A(0, n), forward(activation, static_cast<long double>(z(0, n)))));
  return largest;
}

}  // namespace

TEMPLATE_TEST_CASE("activations are as near to long double's as their bounds say", "", float, double) {
  using T = TestType;
  constexpr std::size_t kSamples = 40000;
  Matrix<T> z = Matrix<T>::padded(1, kSamples);
  for_each_backend(kDTypeOf<T>, [&](const BackendEntry& entry) {
    if (entry.exceptions().has_own_functions) return;
    for (const Activation activation : hidden_activations()) {
      std::mt19937 random(3);
      double largest = 0.0;
      for (const double range : {1e-3, 1.0, 8.0}) {
        fill_uniform(z.view(), -range, range, random);
        largest = std::max(largest, largest_ulps(entry.get<T>(), activation, z));
      }
      INFO(entry.name << ", " << to_string(activation) << ": " << largest);
      const bool fused = dynamic_cast<const SimdBackend<T>*>(&entry.get<T>()) != nullptr;
      CHECK(largest <= (fused ? info(activation).ulps_with_fma : info(activation).ulps));
    }
  });
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
