// exp, log, tanh and sigmoid of the SIMD kernels on every float, and on 1e8 random doubles. Minutes.

#include "tests/catch.h"
#include "tests/ops/simd_functions.h"
#include "tests/support/backends.h"

namespace mlpbench::test {

TEST_CASE("the functions of the SIMD kernels are exact to 2 units and monotone on every float", "[nightly]") {
  for_each_backend([&](const BackendEntry& entry) {
    for (const Elementary<float>& function : simd_functions<float>(entry)) {
      INFO(entry.name);
      CHECK(problem_on_every_float(function) == "");
    }
  });
}

TEST_CASE("the functions of the SIMD kernels are exact to 2 units on 1e8 doubles", "[nightly]") {
  constexpr std::size_t kArguments = 100'000'000;
  for_each_backend([&](const BackendEntry& entry) {
    for (const Elementary<double>& function : simd_functions<double>(entry)) {
      INFO(entry.name);
      CHECK(problem_on_random(function, kArguments) == "");
    }
  });
}

}  // namespace mlpbench::test
