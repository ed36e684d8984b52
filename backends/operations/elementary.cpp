// exp, log, tanh and sigmoid of a SIMD backend by themselves, against the C library's.
#include <cmath>

#include "backends/operations/entries.h"
#include "backends/simd/simd_backend.h"

namespace mlpbench {
namespace {

template <typename T>
const simd::KernelTable<T>& kernels(const Arguments<T>& a) {
  return static_cast<const SimdBackend<T>&>(a.backend).kernels();
}

/// Arguments that training gives lie in [low, high]. 1024 of them and their values lie in any first-level
/// cache. `Function` is a lambda of the C library's function, `range` where it does more than to saturate.
template <typename Function>
Operation elementary(std::string_view name, double low, double high, TimedBy by, Function function,
                     std::pair<double, double> range, Both<Call> call) {
  return {.name = "elementary",
          .function = name,
          .formula = "y = f(x)",
          .operands = {{"x", Extent::one, Extent::batch, Access::read, Values::any, low, high},
                       {"y", Extent::one, Extent::batch, Access::write}},
          .functions = {{}},
          .flop = [](const LayerShape&) { return 0.0; },
          .exact = [](const CallSpec&) { return false; },
          .relative = true,
          .tolerance =
              [](const CallSpec&, double) {
                return Tolerance{1, 1.0};
              },
          .timed = {{{{1, 1, 1024}}, by}},
          .call = call,
          .reference = Both<Call>([](const auto& a) {
            std::transform(a[0].data, a[0].data + a[0].cols, a[1].data, Function{});
            return 0.0;
          }),
          .scalar = Scalar{function, function, range.first, range.second},
          .offered = Both<Offer>([]<typename T>(const Backend<T>& backend) {
            return dynamic_cast<const SimdBackend<T>*>(&backend) != nullptr;
          })};
}

}  // namespace

Operation exp_function() {
  return elementary(
      "exp", -10, 10, TimedBy::rows_and_quick_roofline, [](auto x) { return std::exp(x); }, {-1000, 1000},
      [](const auto& a) { return kernels(a).exp(a[0].data, a[1].data, a[0].cols), 0.0; });
}

Operation log_function() {
  return elementary(
      "log", 0.001, 0.9, TimedBy::rows, [](auto x) { return std::log(x); }, {0, 4},
      [](const auto& a) { return kernels(a).log(a[0].data, a[1].data, a[0].cols), 0.0; });
}

Operation tanh_function() {
  return elementary(
      "tanh", -4, 4, TimedBy::rows_and_quick_roofline, [](auto x) { return std::tanh(x); }, {-20, 20},
      [](const auto& a) { return kernels(a).tanh(a[0].data, a[1].data, a[0].cols), 0.0; });
}

/// Both forms are needed: e^-x overflows for one half, and the other loses the last digits near 1.
Operation sigmoid_function() {
  return elementary(
      "sigmoid", -8, 8, TimedBy::rows,
      [](auto x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }, {-1000, 40},
      [](const auto& a) { return kernels(a).sigmoid(a[0].data, a[1].data, a[0].cols), 0.0; });
}

}  // namespace mlpbench
