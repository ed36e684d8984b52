// exp, log and tanh of the SIMD kernels by themselves: two units in the last place, in both precisions.

#include <cmath>

#include "backends/simd/simd_backend.h"
#include "tests/catch.h"
#include "tests/ops/elementary.h"
#include "tests/support/backends.h"

namespace mlpbench::test {
namespace {

template <typename T>
using Map = void (*)(const T* x, T* y, std::size_t size);

template <typename T>
Elementary<T> function_of(std::string name, Map<T> map, long double (*exact)(long double), T from, T to,
                          T at_minus_infinity, T at_infinity) {
  Elementary<T> function;
  function.name = std::move(name);
  function.evaluate = [map](std::span<const T> x, std::span<T> y) { map(x.data(), y.data(), x.size()); };
  function.exact = exact;
  function.from = from;
  function.to = to;
  function.at_minus_infinity = at_minus_infinity;
  function.at_infinity = at_infinity;
  return function;
}

}  // namespace

TEMPLATE_TEST_CASE("exp, log and tanh of the SIMD kernels are exact to 2 units in the last place", "", float,
                   double) {
  using T = TestType;
  constexpr T kInf = std::numeric_limits<T>::infinity(), kNaN = std::numeric_limits<T>::quiet_NaN();
  for_each_backend([&](const BackendEntry& entry) {
    const auto* backend = dynamic_cast<const SimdBackend<T>*>(&entry.get<T>());
    if (backend == nullptr) return;
    const simd::KernelTable<T>& kernels = backend->kernels();
    const T lowest = std::log(std::numeric_limits<T>::denorm_min());
    const T highest = std::log(std::numeric_limits<T>::max());
    for (const Elementary<T>& function :
         {function_of<T>(
              "exp", kernels.exp, [](long double x) { return std::exp(x); }, lowest, highest, 0, kInf),
          function_of<T>(
              "log", kernels.log, [](long double x) { return std::log(x); }, T(0), T(4), kNaN, kInf),
          function_of<T>(
              "tanh", kernels.tanh, [](long double x) { return std::tanh(x); }, T(-20), T(20), T(-1),
              T(1))}) {
      INFO(entry.name);
      CHECK(accuracy_problem(function) == "");
    }
  });
}

}  // namespace mlpbench::test
