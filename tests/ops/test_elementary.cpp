// How exact the functions of the layers are, seen through the operations that use them.

#include <cmath>
#include <random>

#include "tests/catch.h"
#include "tests/ops/elementary.h"
#include "tests/support/backends.h"

namespace mlpbench::test {
namespace {

/// y = act(1 x + 0), a layer with one input and one unit. An odd number of samples at a time, so that every
/// lane and every tail is used.
template <typename T>
auto through_layer(const Backend<T>& backend, Activation activation) {
  return [&backend, activation](std::span<T> x, std::span<T> y) {
    constexpr std::size_t kBatch = 10007;
    NetworkSpec network;
    network.inputs = 1;
    network.layers = {{1, activation}};
    AlignedBuffer<T> scratch(backend.scratch_size(network, kBatch));
    const T one = 1, zero = 0;
    for (std::size_t first = 0; first < x.size(); first += kBatch) {
      const std::size_t batch = std::min(kBatch, x.size() - first);
      backend.dense_forward({&one, 1, 1, 1}, {&zero, 1}, {x.data() + first, 1, batch, batch}, activation,
                            {y.data() + first, 1, batch, batch}, scratch.span());
    }
  };
}

template <typename T>
std::vector<Elementary<T>> layer_functions(const Backend<T>& backend) {
  Elementary<T> sigmoid, tanh, elu;
  sigmoid.name = "sigmoid";
  sigmoid.evaluate = through_layer(backend, Activation::sigmoid);
  sigmoid.exact = [](long double x) { return 1 / (1 + std::exp(-x)); };
  sigmoid.ulps = 3.0;  // an exponential, a sum and a quotient
  sigmoid.from = sizeof(T) == 4 ? T(-90) : T(-720);
  sigmoid.to = 40;
  sigmoid.subnormals_may_vanish = true;

  tanh.name = "tanh";
  tanh.evaluate = through_layer(backend, Activation::tanh);
  tanh.exact = [](long double x) { return std::tanh(x); };
  tanh.ulps = 2.25;  // glibc's errs by up to 2.2
  tanh.from = -20, tanh.to = 20;

  elu.name = "ELU";
  elu.evaluate = through_layer(backend, Activation::elu);
  elu.exact = [](long double x) { return x > 0 ? x : std::expm1(x); };
  elu.from = -40, elu.to = 1;
  return {sigmoid, tanh, elu};
}

}  // namespace

TEMPLATE_TEST_CASE("sigmoid, tanh and ELU are exact to a few units in the last place", "", float, double) {
  for_each_backend(kDTypeOf<TestType>, [](const BackendEntry& entry) {
    int inexact = 0;
    for (const Elementary<TestType>& function : layer_functions(entry.get<TestType>())) {
      const std::string failure = check_accuracy(function);
      inexact += !failure.empty();
      if (!entry.exceptions().has_own_functions) CHECK(failure == "");
    }
    if (entry.exceptions().has_own_functions) CHECK(inexact > 0);  // else its entry is out of date
  });
}

TEMPLATE_TEST_CASE("the functions of the SIMD kernels are exact to a unit, tanh to 1.5, and the same bits",
                   "", float, double) {
  for (const std::vector<Elementary<TestType>>& on_backends : elementary_functions<TestType>()) {
    for (const Elementary<TestType>& function : on_backends) CHECK(check_accuracy(function) == "");
    if (!on_backends.empty()) CHECK(check_same_bits(on_backends) == "");
  }
}

TEST_CASE("the functions of the SIMD kernels are exact, monotone and the same bits on every float",
          "[nightly]") {
  for (const std::vector<Elementary<float>>& on_backends : elementary_functions<float>()) {
    if (!on_backends.empty()) CHECK(check_every_float(on_backends) == "");
  }
}

TEST_CASE("the functions of the SIMD kernels are exact and the same bits on 1e8 doubles", "[nightly]") {
  for (const std::vector<Elementary<double>>& on_backends : elementary_functions<double>()) {
    if (!on_backends.empty()) CHECK(check_random(on_backends, 100'000'000) == "");
  }
}

TEMPLATE_TEST_CASE("the logarithm of a loss is exact to a few units in the last place", "", float, double) {
  using T = TestType;
  constexpr int kSamples = 100000;
  const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
  for_each_backend(kDTypeOf<T>, [&](const BackendEntry& entry) {
    const Backend<T>& backend = entry.get<T>();
    const LossSpec loss = {Loss::binary_cross_entropy, 0.0};
    const T one = 1;
    std::mt19937 random(3);
    double worst = 0.0;
    for (int n = 0; n < kSamples; ++n) {
      // Half of them close to 1, where the logarithm nearly vanishes; the others over all exponents.
      const auto u = static_cast<double>(random() >> 5) * 0x1p-27;
      const T a =
          static_cast<T>(n % 2 == 0 ? 1.0 - u * u * 0.5 : std::exp(-u * (sizeof(T) == 4 ? 87.0 : 708.0)));
      T dZ = 0;
      const double actual =
          backend.output_delta(loss, Activation::sigmoid, {&a, 1, 1, 1}, {&one, 1, 1, 1}, {&dZ, 1, 1, 1});
      const auto expected = static_cast<double>(-std::log(static_cast<long double>(a)));
      const double error =
          std::abs(actual - expected) / (eps * std::max(expected, std::numeric_limits<double>::min()));
      worst = error <= worst ? worst : error;  // NaN is kept
    }
    CHECK(worst <= 3.0);
  });
}

}  // namespace mlpbench::test
