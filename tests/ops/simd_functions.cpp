#include "tests/ops/simd_functions.h"

#include <cmath>
#include <limits>

#include "backends/simd/simd_backend.h"

namespace mlpbench::test {
namespace {

template <typename T>
using Map = void (*)(const T* x, T* y, std::size_t size);

template <typename T>
Elementary<T> function_of(std::string name, Map<T> map, long double (*exact)(long double),
                          double (*nearly)(double), T from, T to, T at_minus_infinity, T at_infinity) {
  Elementary<T> function;
  function.name = std::move(name);
  function.evaluate = [map](std::span<const T> x, std::span<T> y) { map(x.data(), y.data(), x.size()); };
  function.exact = exact;
  function.nearly = nearly;
  function.from = from;
  function.to = to;
  function.at_minus_infinity = at_minus_infinity;
  function.at_infinity = at_infinity;
  return function;
}

/// Both forms are needed: e^-x overflows for one half, and the other loses the last digits near 1.
template <typename Real>
Real exact_sigmoid(Real x) {
  return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

template <typename Real>
Real exact_exp(Real x) {
  return std::exp(x);
}
template <typename Real>
Real exact_log(Real x) {
  return std::log(x);
}
template <typename Real>
Real exact_tanh(Real x) {
  return std::tanh(x);
}

}  // namespace

template <typename T>
std::vector<Elementary<T>> simd_functions(const BackendEntry& entry) {
  const auto* backend = dynamic_cast<const SimdBackend<T>*>(&entry.get<T>());
  if (backend == nullptr) return {};
  const simd::KernelTable<T>& kernels = backend->kernels();
  constexpr T kInf = std::numeric_limits<T>::infinity(), kNaN = std::numeric_limits<T>::quiet_NaN();
  const T lowest = std::log(std::numeric_limits<T>::denorm_min());
  const T highest = std::log(std::numeric_limits<T>::max());
  return {function_of<T>("exp", kernels.exp, exact_exp, exact_exp, lowest, highest, 0, kInf),
          function_of<T>("log", kernels.log, exact_log, exact_log, 0, 4, kNaN, kInf),
          function_of<T>("tanh", kernels.tanh, exact_tanh, exact_tanh, -20, 20, -1, 1),
          function_of<T>("sigmoid", kernels.sigmoid, exact_sigmoid, exact_sigmoid, lowest, 40, 0, 1)};
}

template std::vector<Elementary<float>> simd_functions(const BackendEntry&);
template std::vector<Elementary<double>> simd_functions(const BackendEntry&);

}  // namespace mlpbench::test
